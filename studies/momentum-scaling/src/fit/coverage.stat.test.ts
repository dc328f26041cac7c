import { key } from "@quadrivium/core";
import { expect, test } from "vitest";
import { noisy, truth } from "./runs.test-helpers.js";
import { reportSurface } from "./surface-report.js";

test("covers the true exponents in about as many of 40 samples as it says", () => {
  // At 90 %, fewer than 28 of 40 happens by chance in 1 of 5000 samples; percentile intervals of
  // 30 runs are known to be somewhat narrow.
  let [alpha, beta] = [0, 0];
  for (let seed = 0; seed < 40; seed++) {
    const options = { key: key(seed), draws: 60, level: 0.9 };
    const { numbers } = reportSurface(noisy(100 + seed, 0.004), options);
    const [lowA, highA] = numbers.paramsExponent.interval!;
    const [lowB, highB] = numbers.tokensExponent.interval!;
    if (lowA <= truth.paramsExponent && truth.paramsExponent <= highA) alpha++;
    if (lowB <= truth.tokensExponent && truth.tokensExponent <= highB) beta++;
  }
  expect(alpha).toBeGreaterThanOrEqual(28);
  expect(beta).toBeGreaterThanOrEqual(28);
});
