import { describe, expect, test } from "vitest";
import { fuzzFileDrop, fuzzTcp } from "./adapter-fuzz.test-helpers.js";

describe("100,000 random commands never exceed a limit", () => {
  test.each([
    ["over TCP", fuzzTcp, 43],
    ["through a folder", fuzzFileDrop, 44],
  ])(
    "%s",
    async (_, fuzz, seed) => {
      const { commands, frames, parks } = await fuzz({ seed, numSessions: 500 });
      expect(commands).toBe(100_000);
      expect(frames).toBeGreaterThan(2500);
      expect(parks).toBeGreaterThan(1200);
    },
    600_000,
  );
});
