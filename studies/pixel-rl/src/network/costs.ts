import { numLinearParams } from "./linear.js";
import type { Network } from "./network.js";
import { visitConvolutions } from "./plan.js";

/** What a network costs, counted from its plan. */
export interface NetworkCosts {
  readonly encoderParams: number;
  /** Parameters between the encoder's map and the head. */
  readonly bottleneckParams: number;
  readonly headParams: number;
  /** Multiplications of the encoder on one image. */
  readonly encoderMacs: number;
  /** Twice the multiplications of encoder and bottleneck on one image. */
  readonly forwardFlops: number;
  /** Bottleneck's share of the parameters of encoder and bottleneck. */
  readonly bottleneckShare: number;
  /** Height, width and channels of the encoder's map. */
  readonly map: readonly [number, number, number];
}

/** Counts a network's parameters and multiplications. */
export function costsOf({ steps, encoderInput, map, bottleneck, head }: Network): NetworkCosts {
  let encoderParams = 0;
  let encoderMacs = 0;
  visitConvolutions(steps, encoderInput, ({ window, numInputs, numOutputs }, { height, width }) => {
    const perPlace = window * window * numInputs;
    encoderParams += numLinearParams({ numInputs: perPlace, numOutputs }, false);
    encoderMacs += perPlace * numOutputs * height * width;
  });
  const bottleneckParams = bottleneck.numParams;
  return {
    encoderParams,
    bottleneckParams,
    headParams: head.numParams,
    encoderMacs,
    forwardFlops: 2 * (encoderMacs + bottleneck.macs),
    bottleneckShare: bottleneckParams / (encoderParams + bottleneckParams),
    map: [map.height, map.width, map.channels],
  };
}
