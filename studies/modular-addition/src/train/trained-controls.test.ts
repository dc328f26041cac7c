import { key, type HostArray } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { trainingConfig, type TrainingConfig } from "../config.js";
import { dissect, type Dissection } from "../dissect/dissect.js";
import { initialParameters } from "../initialize.js";
import type { Parameters } from "../parameters.js";
import { pairNetOf } from "./digest.js";
import { sliceNetwork } from "./stacking.js";
import { checkpointsOf, contextOf, eventsOf, resultIn } from "./train.test-helpers.js";
import type { NetworkResult } from "./result.js";

/** Trains one network; its result and its parameters. */
async function trained(
  set: Partial<TrainingConfig>,
): Promise<{ config: TrainingConfig; found: NetworkResult; params: Parameters<HostArray> }> {
  const config = trainingConfig.parse({ modulus: 23, width: 96, embeddingDim: 24, ...set });
  const events = await eventsOf(config, contextOf({ executor: "auto" }));
  const { tree } = checkpointsOf(events).at(-1)!;
  const params = sliceNetwork(tree["params"] as Parameters<HostArray>, 0);
  return { config, found: resultIn(events).networks[0], params };
}

describe("the verdict on trained networks that do not add", () => {
  test.each([1, 0.7])(
    "says MEMORISING of a network that knows random labels of a share of %d, which alone look unsolved",
    async (trainFraction) => {
      const { config, found, params } = await trained({
        labels: "random",
        weightDecay: 0,
        trainFraction,
        epochs: 150,
        stop: "epochs",
      });
      expect(found.trainAccuracy).toBe(1);
      expect(found.verdict.label).toBe("MEMORISING");
      expect(found.r1Mean).toBeLessThan(0.5);
      const upload = dissect(pairNetOf(config, params), { ablations: false });
      expect(upload.verdict.label).toBe("NOT-SOLVED");
    },
  );

  test("says MEMORISING of a network stopped before it generalizes", async () => {
    const { found } = await trained({ trainFraction: 0.5, epochs: 150, stop: "epochs" });
    expect(found.trainAccuracy).toBe(1);
    expect(found.testAccuracy).toBeLessThan(0.5);
    expect(found.verdict.label).toBe("MEMORISING");
  });
});

describe("the verdict on an upload", () => {
  /** The same network with its outputs in another order: class c is called (3c + 1) mod n. */
  function relabelled(config: TrainingConfig, params: Parameters<HostArray>): Dissection {
    const net = pairNetOf(config, params);
    const { modulus: n } = net;
    const shuffled = (values: Float64Array): Float64Array => {
      const out = new Float64Array(values.length);
      values.forEach((value, at) => {
        const to = at - (at % n) + ((3 * (at % n) + 1) % n);
        out[to] = value;
      });
      return out;
    };
    const { readout } = net;
    return dissect(
      {
        ...net,
        readout: {
          ...readout,
          weight: shuffled(readout.weight),
          bias: shuffled(readout.bias),
        },
      },
      { ablations: false },
    );
  }

  test("says of a trained network whose labels are shuffled that they are", async () => {
    const { config, found, params } = await trained({
      learningRate: 0.01,
      weightDecay: 0.5,
      trainFraction: 1,
    });
    expect(found.accuracy).toBe(1);
    expect(found.verdict.label).not.toBe("NOT-SOLVED");
    const upload = relabelled(config, params);
    expect(upload.accuracy).toBeLessThan(0.1);
    expect(upload.verdict.label).toBe("NOT-SOLVED");
    expect(upload.verdict.notes.join()).toMatch(/relabel/);
  });

  test("calls a network before its first step unsolved", () => {
    const config = trainingConfig.parse({ modulus: 23, width: 96, embeddingDim: 24 });
    const net = pairNetOf(config, initialParameters(config, key(0)));
    expect(dissect(net, { ablations: false }).verdict.label).toBe("NOT-SOLVED");
  });
});
