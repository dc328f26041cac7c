import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loopEntries } from "./atom-loop.js";
import { differences } from "./differences.js";
import { openPage, softwareWebGpu, type OpenedPage } from "./open-page.js";
import * as programs from "./programs.js";

type Programs = typeof programs;

/** Largest difference that 20 float32 steps may leave between executors, relative to the size. */
const tolerance = 1e-4;

const browsers = [
  { executor: "wasm", flags: [] },
  { executor: "webgpu", flags: softwareWebGpu },
] as const;

describe.each(browsers)("in headless Chromium on $executor", ({ executor, flags }) => {
  let opened: OpenedPage | undefined;
  let obstacle = "";

  beforeAll(async () => {
    try {
      opened = await openPage(new URL("page.ts", import.meta.url), flags);
    } catch (cause) {
      const [line = ""] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
      obstacle = `Chromium does not start: ${line}`;
      return;
    }
    const available = await inPage("executors");
    if (!available.includes(executor)) obstacle = `Chromium offers no ${executor} here`;
  });
  afterAll(() => opened?.close());

  function inPage<Name extends keyof Programs>(
    name: Name,
    ...args: Parameters<Programs[Name]>
  ): Promise<Awaited<ReturnType<Programs[Name]>>> {
    return opened!.page.evaluate(
      ([program, words]) => {
        const { programs } = globalThis as unknown as {
          programs: { [name: string]: (...words: unknown[]) => unknown };
        };
        return programs[program as string]!(...(words as unknown[]));
      },
      [name, args] as const,
    ) as Promise<Awaited<ReturnType<Programs[Name]>>>;
  }

  test("an engine program starts equal to Node's by hash and stays close for 20 steps", async ({
    skip,
  }) => {
    skip(obstacle !== "", obstacle);
    const here = await programs.trainNet("native");
    const there = await inPage("trainNet", executor);
    expect(there.startHash).toBe(here.startHash);
    expect(there.losses).toHaveLength(20);
    expect(there.losses.at(-1)).toBeLessThan(there.losses[0]! / 2);
    expectClose(there, here);
  });

  test.for(["full batch", "mini-batches"] as const)(
    "the study trains by %s through the same events, from equal parameters to close ones",
    async (recipe, { skip }) => {
      skip(obstacle !== "", obstacle);
      const here = await programs.trainNetwork("native", recipe);
      const there = await inPage("trainNetwork", executor, recipe);
      expect(there.startHash).toBe(here.startHash);
      expect(there.events).toEqual(here.events);
      expect(there.losses.length).toBeGreaterThan(0);
      expectClose(there, here);
    },
  );

  // Frames are named by the hash of their counts, which come from the seed: those must be equal.
  test("a closed loop sees the same frames and decides the same", async ({ skip }) => {
    skip(obstacle !== "", obstacle);
    const seed = executor === "wasm" ? 3 : 4;
    const here = loopEntries(await programs.walkSilicon(seed));
    expect(here.length).toBeGreaterThan(50);
    expect(differences(loopEntries(await inPage("walkSilicon", seed)), here)).toEqual([]);
  });

  test("a planted network is dissected to the same findings, its program proved", async ({
    skip,
  }) => {
    skip(obstacle !== "", obstacle);
    const there = await inPage("plantAndDissect");
    expect(differences(there, await programs.plantAndDissect())).toEqual([]);
    expect(there).toMatchObject({ accuracy: 1, certificate: { proved: true } });
  });
});

function expectClose(there: programs.Trained, here: programs.Trained): void {
  const pairs: (readonly [readonly number[], readonly number[]])[] = [
    [there.losses, here.losses],
    ...Object.entries(here.parameters).map(
      ([name, values]) => [there.parameters[name]!, values] as const,
    ),
  ];
  for (const [other, own] of pairs) {
    const size = Math.max(...own.map(Math.abs));
    const gap = Math.max(...own.map((value, at) => Math.abs(value - other[at]!)));
    expect(own.length).toBeGreaterThan(0);
    expect(gap).toBeLessThanOrEqual(tolerance * size);
  }
}
