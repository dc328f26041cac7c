import { describe, expect, test } from "vitest";
import { checkShape } from "./plrf.js";
import { spectralProblem } from "./spectral-problem.js";

describe("checkShape", () => {
  const good = { alpha: 1, beta: 0.3, dim: 10, hiddenDim: 40 };
  test("accepts the shapes of the model", () => {
    expect(checkShape(good)).toBe(good);
    expect(checkShape({ ...good, beta: -0.4 }).beta).toBe(-0.4);
  });
  test.each([
    [{ alpha: 0.2, beta: 0.3 }, /2·alpha \+ 2·beta must exceed 1.*got 2·0\.2 \+ 2·0\.3 = 1;/],
    [{ alpha: -1 }, /alpha must be a finite number above 0.*got alpha -1/],
    [{ beta: Number.NaN }, /beta a finite number; got alpha 1, beta NaN/],
    [{ dim: 50 }, /the 50 parameters \(dim\) cannot outnumber.*got hiddenDim 40/],
    [{ dim: 1.5 }, /dim must be a whole number ≥ 1; got 1.5/],
  ])("refuses %j and says why", (change, message) => {
    expect(() => checkShape({ ...good, ...change })).toThrow(message);
  });
});

describe("spectralProblem", () => {
  test.each([
    [{ lambda: [1, Number.NaN] }, /every lambda must be a finite number ≥ 0; got NaN at index 1/],
    [{ lambda: [-1e-9, 1] }, /every lambda must be a finite number ≥ 0; got -1e-9 at index 0/],
    [{ rho2: [1] }, /rho2 must have one number for each of the 2 eigenvalues; got 1/],
    [{ sigma2: -1 }, /every sigma2 must be a finite number ≥ 0; got -1/],
    [{ lambda: [], rho2: [] }, /needs at least one eigenvalue/],
  ])("refuses %j and says why", (change, message) => {
    const good = { lambda: [1, 0.5], rho2: [1, 1], sigma2: 0 };
    expect(() => spectralProblem({ ...good, ...change })).toThrow(message);
  });
});
