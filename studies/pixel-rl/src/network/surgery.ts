import { hostArray, InputError, type HostArray } from "@quadrivium/core";
import type { MapShape } from "./plan.js";
import type { NetworkParams } from "./network.js";

type Params = NetworkParams<HostArray>;

/**
 * Parameters of a flattened network made those of a pooled one: $W^{gap}_c = \sum_{ij} W_{ijc}$. The
 * two networks agree exactly on maps that are the same at every place, and everywhere if the
 * flattened weights do not depend on the place.
 *
 * @param map shape of the encoder's map
 * @throws E_SURGERY if the bottleneck is not one plain dense layer on that map
 */
export function flattenedToPooled(params: Params, map: MapShape): Params {
  const places = map.height * map.width;
  const { kernel, bias, units } = denseOf(params, places * map.channels);
  const pooled = new Float32Array(map.channels * units);
  forEachWeight(kernel, places, units, (value, channel, _, unit) => {
    pooled[channel * units + unit] += value;
  });
  return withDense(params, hostArray(pooled, [map.channels, units]), bias);
}

/**
 * Parameters of a pooled network made those of a flattened one, $W_{ijc} = W^{gap}_c / HW$: the same
 * function of every image.
 *
 * @throws E_SURGERY if the bottleneck is not one plain dense layer on the pooled channels
 */
export function pooledToFlattened(params: Params, map: MapShape): Params {
  const places = map.height * map.width;
  const { kernel, bias, units } = denseOf(params, map.channels);
  const flat = new Float32Array(places * map.channels * units);
  forEachWeight(flat, places, units, (_, channel, place, unit) => {
    flat[(channel * places + place) * units + unit] = kernel[channel * units + unit] / places;
  });
  return withDense(params, hostArray(flat, [places * map.channels, units]), bias);
}

/** Visits a flattened kernel's weights: its rows are channels, each over all places. */
export function forEachWeight(
  kernel: ArrayLike<number>,
  places: number,
  units: number,
  visit: (value: number, channel: number, place: number, unit: number) => void,
): void {
  for (let at = 0; at < kernel.length; at++) {
    const row = Math.floor(at / units);
    visit(kernel[at], Math.floor(row / places), row % places, at % units);
  }
}

/** The bottleneck's dense layer. @throws E_SURGERY unless it is one, without noise, of that length */
export function denseOf(
  { bottleneck }: Params,
  numInputs: number,
): { readonly kernel: Float32Array; readonly bias: HostArray; readonly units: number } {
  const { hidden } = bottleneck as {
    readonly hidden?: { readonly kernel?: HostArray; readonly bias?: HostArray };
  };
  const [inputs, units] = hidden?.kernel?.shape ?? [];
  if (hidden?.bias === undefined || inputs !== numInputs) {
    throw new InputError(
      "E_SURGERY",
      `surgery: the bottleneck must be one dense layer of ${numInputs} inputs without noise; got ` +
        (inputs === undefined ? "another kind" : `${inputs} inputs`),
    );
  }
  return { kernel: hidden.kernel!.data as Float32Array, bias: hidden.bias, units };
}

function withDense(params: Params, kernel: HostArray, bias: HostArray): Params {
  return { ...params, bottleneck: { hidden: { kernel, bias } } };
}
