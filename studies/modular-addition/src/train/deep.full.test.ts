import { completeConfig } from "@quadrivium/config";
import { key, type HostArray } from "@quadrivium/core";
import { readTensors, writeSafetensors } from "@quadrivium/io";
import { describe, expect, test } from "vitest";
import { dissect } from "../dissect/dissect.js";
import { openNetwork } from "../open/open-network.js";
import type { Parameters } from "../parameters.js";
import { study } from "../study.js";
import { sliceNetwork } from "./stacking.js";
import { checkpointsOf, contextOf, eventsOf, resultIn } from "./train.test-helpers.js";

describe.each([3, 4])("a network of %d hidden layers", (hiddenLayers) => {
  test("generalizes at n = 31, and its file dissects layer by layer as it did in training", async () => {
    const set = { hiddenLayers, modulus: 31, width: 128 };
    const config = completeConfig(study, { preset: "small-embedding", set });
    const events = await eventsOf(config, contextOf({ executor: "auto" }));
    const found = resultIn(events);
    expect(found).toMatchObject({ accuracy: 1, testAccuracy: 1 });
    expect(found.numFrequencies).toBeLessThanOrEqual(8);

    const { tree } = checkpointsOf(events).at(-1)!;
    const params = sliceNetwork(tree["params"] as Parameters<HostArray>, 0);
    const { tensors } = readTensors(writeSafetensors(params), "net.safetensors");
    const opened = dissect(openNetwork(tensors).net, { key: key(0) });
    expect(opened.accuracy).toBe(1);
    expect(opened.layers.map(({ layer }) => layer)).toEqual(
      Array.from({ length: hiddenLayers }, (_, index) => index + 1),
    );
    expect(opened.layers[0].frequencies).toEqual(found.frequencies);
    for (const { ladder } of opened.layers) {
      expect(ladder.find(({ id }) => id === "s0")!.agreement).toBe(1);
    }
    // one frequency a neuron carries the first layer; controls that break it leave chance
    const first = (id: string) => opened.layers[0].ladder.find((rung) => rung.id === id)!.agreement;
    expect(first("s1")).toBeGreaterThan(0.99);
    expect(first("wrongFrequency")).toBeLessThan(0.5);
    expect(first("permutedPhases")).toBeLessThan(0.5);
    expect(opened.cumulative.filter(({ rung }) => rung === "s1")).toHaveLength(hiddenLayers);
  }, 300_000);
});
