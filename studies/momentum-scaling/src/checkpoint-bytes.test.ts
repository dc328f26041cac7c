import { expect, test } from "vitest";
import type { HostArray } from "@quadrivium/core";
import { checkpointBytes } from "./checkpoint-bytes.js";
import { configOf, eventsOf } from "./text/train/train-text.test-helpers.js";

test.each(["sgd", "dana-decaying", "adamw", "schedule-free-adamw", "adana"])(
  "bounds the arrays of a checkpoint with %s from above, not by far",
  async (optimizer) => {
    const small = { batchSize: 2, sequenceLength: 4, numValidation: 16, steps: 2 };
    const config = configOf({ ...small, optimizer, width: 96, layers: 2 });
    const checkpoint = (await eventsOf(config)).find(({ kind }) => kind === "checkpoint")!;
    let bytes = 0;
    const walk = (node: unknown): void => {
      if ("data" in (node as object)) bytes += (node as HostArray).data.byteLength;
      else for (const child of Object.values(node as object)) walk(child);
    };
    walk((checkpoint as unknown as { readonly tree: object }).tree);
    const bound = checkpointBytes(config);
    expect(bound).toBeGreaterThan(bytes);
    expect(bound).toBeLessThan(5 * bytes);
  },
);
