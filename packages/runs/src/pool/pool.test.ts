import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Json } from "@quadrivium/core";
import { localMap } from "../local-map.js";
import { compute, patience, temporaryFolder } from "../runs.test-helpers.js";
import { toyStudy } from "../toy-study.test-helpers.js";
import { parallelMap } from "./parallel-map.js";
import { ProcessPool, type PoolOptions } from "./process-pool.js";

const { signal } = new AbortController();
const pools: ProcessPool[] = [];
/** For the tests that leave their processes as they were. */
let shared: ProcessPool;

function newPool(options: Partial<PoolOptions> = {}): ProcessPool {
  const entry = new URL("toy-worker.test-helpers.ts", import.meta.url);
  const pool = new ProcessPool({ entry, size: 2, ...options });
  pools.push(pool);
  return pool;
}

beforeAll(() => {
  shared = newPool();
});

afterAll(() => {
  for (const pool of pools) pool.close();
});

async function collect(outcomes: AsyncIterable<{ index: number; value: Json }>): Promise<Json[]> {
  const values: Json[] = [];
  for await (const { index, value } of outcomes) values[index] = value;
  return values;
}

describe("parallelMap", () => {
  test("yields what a loop in this process yields, special numbers too", async () => {
    const inputs = [1, 2, 3, 4, 5, -0.5];
    const remote = parallelMap(shared, signal);
    const local = localMap(toyStudy, { signal, compute });
    const expected = await collect(local("square", inputs));
    expect(await collect(remote("square", inputs))).toStrictEqual(expected);
    expect(await collect(remote("special", [null]))).toStrictEqual([[NaN, -0, Infinity]]);
  });

  test("uses several processes, and no more than it may", async () => {
    const pids = await collect(parallelMap(shared, signal)("pid", Array<null>(12).fill(null)));
    const distinct = new Set(pids);
    expect(distinct.size).toBeLessThanOrEqual(2);
    expect(distinct).not.toContain(process.pid);
  });

  test("tries the piece of a dead process once more and says so", async () => {
    const notices: string[] = [];
    const file = join(await temporaryFolder(), "deaths");
    const map = parallelMap(newPool({ onNotice: (text) => notices.push(text) }), signal);
    expect(await collect(map("die", [{ times: 1, file }]))).toEqual(["survived"]);
    expect(notices).toEqual([
      "a worker process ended (SIGKILL) during die; trying that piece once more",
    ]);
  });

  test("gives up with one sentence when it dies again", async () => {
    const file = join(await temporaryFolder(), "deaths");
    await expect(collect(parallelMap(newPool(), signal)("die", [{ times: 9, file }]))).rejects.toThrow(
      expect.objectContaining({
        code: "E_WORKER",
        message: expect.stringContaining("ended twice (SIGKILL)") as string,
      }),
    );
  });

  test("brings an error across with its code and details", async () => {
    await expect(collect(parallelMap(shared, signal)("refuse", [3]))).rejects.toThrow(
      expect.objectContaining({ name: "InputError", code: "E_VALUE", message: "refuse: takes nothing; got 3" }),
    );
  });

  test("names the tasks there are for an unknown one", async () => {
    await expect(collect(parallelMap(shared, signal)("squares", [3]))).rejects.toThrow(
      "toy: has no task squares; did you mean square?",
    );
  });

  test("ends at once when it is aborted", async () => {
    const file = join(await temporaryFolder(), "begun");
    const stop = new AbortController();
    const outcome = collect(
      parallelMap(shared, stop.signal)("wait", Array<string>(4).fill(file)),
    );
    const twoHaveBegun = vi.waitUntil(
      () => existsSync(file) && readFileSync(file).length === 2,
      patience,
    );
    void twoHaveBegun.finally(() => stop.abort());
    await expect(outcome).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
    await twoHaveBegun;
    expect(readFileSync(file), "pieces that began").toHaveLength(2);
  });
});

describe("ProcessPool", () => {
  test("passes notes on while a job runs", async () => {
    const notes: Json[] = [];
    await shared.run({ task: "square", input: 3, signal, onNote: (note) => notes.push(note) });
    expect(notes).toEqual([{ started: "square" }]);
  });
});
