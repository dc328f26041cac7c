import { join } from "node:path";
import { expect, test } from "vitest";
import { learnCommand } from "../commands/learn.js";
import { simulateCommand } from "../commands/simulate.js";
import { diskContext, logEntries, type DiskContext } from "./disk-context.test-helpers.js";
import { serveCommand } from "./serve.js";

const numWalks = 16;

/** Seconds by the simulated clock from the walk's beginning to its end; 600 where it failed. */
async function walkS(
  disk: DiskContext,
  given: { readonly seed: number; readonly model?: string },
): Promise<number> {
  const out = join(disk.folder, `${given.model ?? "true rates"}-${given.seed}`);
  const input = serveCommand.input.parse({ walk: true, controller: "planner", ...given, out });
  const { arrived, log } = await serveCommand.run(input, disk.context);
  if (arrived !== true) return 600;
  const entries = logEntries(log);
  const begun = entries.find(({ type }) => type === "walk")!;
  return (entries.at(-1)!.monotonicMs - begun.monotonicMs) / 1000;
}

test(
  "the closed loop on learned rates takes less than twice the time of one on the true rates",
  { timeout: 600_000 },
  async () => {
    const disk = diskContext();
    const samples = simulateCommand.input.parse({ samples: 1000, out: "data.jsonl" });
    await simulateCommand.run(samples, disk.context);
    await learnCommand.run(learnCommand.input.parse({ data: "data.jsonl" }), disk.context);
    let [learned, oracle] = [0, 0];
    for (let seed = 1; seed <= numWalks; seed++) {
      learned += await walkS(disk, { seed, model: "model" });
      oracle += await walkS(disk, { seed });
    }
    disk.remove();
    // One walk's time has a standard deviation of about 0.6 of its mean: the ratio of two sums of
    // 16 has a standard error of 0.2. No walk may fail, or 600 s would show.
    expect(learned / oracle).toBeLessThan(2);
    expect(oracle / numWalks).toBeLessThan(60);
  },
);
