import { describe, expect, test } from "vitest";
import { makeEnvironment } from "./environment.js";
import { paintDistractor } from "./distractor.js";

const side = 20;

describe("paintDistractor", () => {
  const painted = (distractor: "none" | "noise" | "scroll", frame: number, contrast = 1) => {
    const picture = new Uint8Array(3 * side * side).fill(7);
    const mask = new Uint8Array(side * side);
    mask[5] = 1;
    paintDistractor(picture, mask, { distractor, contrast, seed: 3, frame });
    return picture;
  };

  test("leaves objects alone, is grey, and as bright as its contrast allows", () => {
    const picture = painted("noise", 0, 0.5);
    expect([0, 400, 800].map((part) => picture[part + 5])).toEqual([7, 7, 7]);
    expect(picture.subarray(0, 400)).toEqual(picture.subarray(400, 800));
    const greys = [...picture.subarray(0, 400)].filter((_, i) => i !== 5);
    expect(Math.max(...greys)).toBeLessThanOrEqual(128);
    // Uniform on 0 to 127.5: mean 63.75, standard deviation of the mean 1.84; five of them.
    const mean = greys.reduce((sum, x) => sum + x, 0) / greys.length;
    expect(Math.abs(mean - 63.75)).toBeLessThan(9.2);
    expect(painted("none", 0)).toEqual(new Uint8Array(1200).fill(7));
  });

  test("noise is new on every frame; a pattern slides by one pixel and comes round", () => {
    expect(painted("noise", 1)).not.toEqual(painted("noise", 0));
    const [now, next] = [painted("scroll", 0), painted("scroll", 1)];
    for (let x = 0; x < side - 1; x++) expect(next[10 * side + x]).toBe(now[10 * side + x + 1]);
    expect(painted("scroll", side)).toEqual(now);
  });
});

test("an environment with a distractor plays the same game, and resumes with the same pictures", () => {
  const make = (distractor: "none" | "noise") =>
    makeEnvironment("minatar/breakout", {
      ...({ seed: 1, pixels: "sprite", cellSize: 2, ramping: true } as const),
      ...({ stickyActionProbability: 0.1, distractor, distractorContrast: 0.5 } as const),
    });
  const [plain, noisy, resumed] = [make("none"), make("noise"), make("noise")];
  const look = (environment: ReturnType<typeof make>): Uint8Array => {
    const out = new Uint8Array(3 * side * side);
    environment.observe(out);
    return out;
  };
  const mask = new Uint8Array(side * side);
  for (let step = 0; step < 40; step++) {
    expect(noisy.step(step % 6)).toBe(plain.step(step % 6));
    noisy.markObjects(mask);
    const [a, b] = [look(plain), look(noisy)];
    expect(a.filter((_, i) => mask[i % 400] === 1)).toEqual(
      b.filter((_, i) => mask[i % 400] === 1),
    );
    expect(a).not.toEqual(b);
    if (plain.terminated) [plain, noisy].forEach((environment) => environment.reset());
  }
  resumed.restore(noisy.save());
  expect(look(resumed)).toEqual(look(noisy));
});
