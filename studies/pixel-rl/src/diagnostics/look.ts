import { hostArray, type Compute, type HostArray } from "@quadrivium/core";
import { compile, dispose, grad, np, read, upload, type DeviceArray } from "@quadrivium/engine";
import { oneHot } from "@quadrivium/nn";
import { actionValues } from "../agent/learner.js";
import type { AgentConfig } from "../config.js";
import { applyToMap, mapOf, type Network, type NetworkParams } from "../network/network.js";

/** What a network computes on one image. */
export interface Glance {
  /** @shape [actions] */
  readonly values: Float32Array;
  /** The encoder's map. @shape [channels, height, width] */
  readonly map: Float32Array;
  /** Gradient of the largest value to the map; the same shape. */
  readonly slope: Float32Array;
  /** Activations after each ReLU by layer. @shape [1, units, …] */
  readonly active: { readonly [layer: string]: HostArray };
}

/** A network to be looked into, one image at a time. */
export interface Looker {
  look(image: Float32Array): Promise<Glance>;
  dispose(): Promise<void>;
}

/** Compiles a look into a network with fixed parameters; noisy layers use their means. */
export async function openLooker(
  config: AgentConfig,
  network: Network,
  given: { readonly params: NetworkParams<HostArray>; readonly compute: Compute },
): Promise<Looker> {
  const { channels, height, width } = network.input;
  const params = (await upload(given.params as unknown as HostArray, {
    executor: given.compute.executor,
  })) as unknown as DeviceArray;
  const shape = [1, channels, height, width];
  const program = await compile(
    (tree: np.Array, image: np.Array) => {
      const weights = tree as unknown as NetworkParams<np.Array>;
      const active: { [layer: string]: np.Array } = {};
      const observe = (name: string, activation: np.Array): void => {
        active[name] = activation.ref;
      };
      const map = mapOf(network, weights, image, observe);
      const valuesOf = (map: np.Array, seen?: typeof observe): np.Array =>
        actionValues(
          config,
          applyToMap(network, weights, map, seen === undefined ? {} : { observe: seen }).outputs,
        );
      const values = valuesOf(map, observe);
      const best = oneHot(np.argmax(values.ref, 1), network.head.numActions, values.dtype);
      const slope = grad((map: np.Array) => np.sum(valuesOf(map).mul(best.ref)))(map.ref);
      return { values, map, slope, active };
    },
    [params, { dtype: "float32", shape }] as const,
    { ...given.compute, name: "look" },
  );
  return {
    async look(image) {
      const result = await program.run(params, hostArray(image, shape) as never);
      const { values, map, slope, active } = (await read(result)) as unknown as {
        readonly [name in "values" | "map" | "slope"]: HostArray;
      } & { readonly active: Glance["active"] };
      dispose(result as unknown as DeviceArray);
      return {
        values: values.data as Float32Array,
        map: map.data as Float32Array,
        slope: slope.data as Float32Array,
        active,
      };
    },
    async dispose() {
      dispose(params);
      await program.dispose();
    },
  };
}
