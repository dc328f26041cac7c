import { describe, expect, test } from "vitest";
import { key } from "@quadrivium/core";
import { learnConfig } from "../config.js";
import { learnAndWalk } from "./learn-and-walk.js";

describe("learnAndWalk", () => {
  test(
    "walks on a map it has never seen about as fast as an oracle",
    { timeout: 600_000 },
    async () => {
      const config = learnConfig.parse({ experiment: "learn", map: "random:101", episodes: 30 });
      const context = {
        key: key(0),
        signal: new AbortController().signal,
        compute: { executor: "auto", threads: 1 },
      } as const;
      for await (const event of learnAndWalk(config, context)) {
        if (event.kind !== "done") continue;
        const { excessNll, learned, oracle } = event.result;
        expect(excessNll).toBeLessThan(0.03);
        expect(learned.successRate).toBe(1);
        // 30 paired walks: the ratio's standard error is about 0.1
        expect(learned.meanSeconds / oracle.meanSeconds).toBeLessThan(1.5);
      }
      expect.assertions(3);
    },
  );
});
