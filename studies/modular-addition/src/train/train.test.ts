import { foldIn, hashTree, key, type HostArray } from "@quadrivium/core";
import { liveArrayCount } from "@quadrivium/engine";
import { describe, expect, test } from "vitest";
import { checkpointsOf, contextOf, eventsOf, resultIn, tinyConfig } from "./train.test-helpers.js";
import { trainNetworks } from "./train-networks.js";
import { train } from "./train.js";

const batched = { batchSize: "modulus", optimizer: "adam-l2", weightDecay: 1e-4 };

describe("train", () => {
  test("ends with a checkpoint of the networks and a result", async () => {
    const events = await eventsOf(tinyConfig());
    const [checkpoint, done] = events.slice(-2);
    expect([checkpoint.kind, done.kind]).toEqual(["checkpoint", "done"]);
    const [last] = checkpointsOf(events).slice(-1);
    const params = last.tree.params as { readonly [name: string]: HostArray };
    expect(params["hidden_0/kernel"].shape).toEqual([1, 12, 12]);
    expect(resultIn(events).recipe).toContain("n=7");
  });

  test("counts gradient steps: 5 batches of 7 from 80 % of 49 pairs", async () => {
    const steps = (await eventsOf(tinyConfig({ ...batched, epochs: 3 }))).flatMap((event) =>
      event.kind === "step" ? [[event.n, event.total]] : [],
    );
    expect(steps).toEqual([
      [5, 15],
      [10, 15],
      [15, 15],
    ]);
  });

  test.each([{}, batched])(
    "gives equal numbers for equal keys, and others for others: %j",
    async (set) => {
      const runs = await Promise.all(
        [3, 3, 4].map(async (seed) => eventsOf(tinyConfig(set), contextOf({ seed }))),
      );
      const [one, same, other] = runs.map((events) => hashTree(checkpointsOf(events).at(-1)!.tree));
      expect(same).toBe(one);
      expect(other).not.toBe(one);
    },
  );

  test.each([{}, batched, { numSeeds: 2 }, { hiddenLayers: 4 }])(
    "goes on from any checkpoint to the numbers of an uninterrupted run, bit for bit: %j",
    async (set) => {
      const config = tinyConfig(set);
      const whole = await eventsOf(config);
      const [first, second] = checkpointsOf(whole);
      for (const checkpoint of [first, second]) {
        // As a store would: through JSON, and with copies of the arrays.
        const reread = structuredClone({ tree: checkpoint.tree, json: checkpoint.json });
        const half = await eventsOf(config, contextOf({ checkpoint: reread }));
        expect(hashTree(checkpointsOf(half).at(-1)!.tree)).toBe(
          hashTree(checkpointsOf(whole).at(-1)!.tree),
        );
        expect(resultIn(half)).toEqual(resultIn(whole));
      }
    },
  );

  test("goes on from a last checkpoint straight to the result", async () => {
    const whole = await eventsOf(tinyConfig());
    const again = await eventsOf(
      tinyConfig(),
      contextOf({ checkpoint: checkpointsOf(whole).at(-1)! }),
    );
    expect(again.filter(({ kind }) => kind === "step")).toEqual([]);
    expect(resultIn(again)).toEqual(resultIn(whole));
  });

  test("refuses the checkpoint of another configuration", async () => {
    const checkpoint = checkpointsOf(await eventsOf(tinyConfig())).at(-1)!;
    await expect(eventsOf(tinyConfig({ width: 13 }), contextOf({ checkpoint }))).rejects.toThrow(
      /train: the checkpoint must hold 1 networks .* resume with the configuration that wrote it/,
    );
  });

  test("ends with a checkpoint, and no result, when it is aborted", async () => {
    const abort = new AbortController();
    const seen: string[] = [];
    const config = tinyConfig({ checkpointEvery: 1000 });
    for await (const event of train(config, contextOf({ signal: abort.signal }))) {
      seen.push(event.kind);
      if (seen.length === 3) abort.abort();
    }
    expect(seen.at(-1)).toBe("checkpoint");
    expect(seen).not.toContain("done");
  });

  test("trains each network to the same numbers, alone or beside others", async () => {
    const config = tinyConfig();
    const together = resultIn(await eventsOf({ ...config, numSeeds: 3 }));
    const second = foldIn(key(0), 1);
    const alone = [];
    for await (const event of trainNetworks(config, [second], contextOf())) alone.push(event);
    expect(resultIn(alone).networks[0]).toEqual(together.networks[1]);
  });
});

test("no engine array is left alive", () => {
  expect(liveArrayCount()).toBe(0);
});
