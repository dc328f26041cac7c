import { describe, expect, test } from "vitest";
import { key, type Checkpoint, type Event } from "@quadrivium/core";
import { walkConfig } from "../config.js";
import type { WalkResult } from "./result.js";
import { train } from "./train.js";

const config = walkConfig.parse({ experiment: "walk", controller: "random", hops: 1, episodes: 6 });

async function drive(checkpoint?: Checkpoint, stopAfter = Infinity) {
  const stop = new AbortController();
  const events: Event<WalkResult>[] = [];
  const context = { key: key(4), signal: stop.signal, ...(checkpoint && { checkpoint }) };
  for await (const event of train(config, context)) {
    events.push(event);
    if (event.kind === "step" && event.n >= stopAfter) stop.abort();
  }
  return events.at(-1)!;
}

describe("train", () => {
  test("ends with the result of an unbroken run after a stop", async () => {
    const whole = await drive();
    const broken = await drive(undefined, 3);
    expect(broken).toMatchObject({ kind: "checkpoint", n: 3 });
    const resumed = await drive(broken as Checkpoint & { kind: "checkpoint" } & Event<WalkResult>);
    expect(resumed).toEqual(whole);
    expect(whole.kind).toBe("done");
  });

  test("refuses a checkpoint of another kind", async () => {
    await expect(drive({ tree: {}, json: 3 })).rejects.toThrow("holds no walks");
  });
});
