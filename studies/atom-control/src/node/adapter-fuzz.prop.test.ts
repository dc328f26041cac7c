import { describe, expect, test } from "vitest";
import { fuzzFileDrop, fuzzTcp } from "./adapter-fuzz.test-helpers.js";

describe("random commands never exceed a limit", () => {
  test("over TCP, on a link that loses, delays, doubles, falsifies and cuts", async () => {
    const { commands, frames, parks } = await fuzzTcp({ seed: 41, numSessions: 10 });
    expect(commands).toBe(2000);
    expect(frames).toBeGreaterThan(40);
    expect(parks).toBeGreaterThan(15);
  });

  test("through a folder, with a person who is late, careless or idle", async () => {
    const { commands, frames, parks } = await fuzzFileDrop({ seed: 42, numSessions: 10 });
    expect(commands).toBe(2000);
    expect(frames).toBeGreaterThan(30);
    expect(parks).toBeGreaterThan(15);
  });
});
