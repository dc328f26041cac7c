import { array, assert, double, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { minimize, type Objective } from "./minimize.js";

const rosenbrock: Objective = ([x, y], gradient) => {
  const bend = y! - x! * x!;
  gradient.set([-400 * x! * bend - 2 * (1 - x!), 200 * bend]);
  return 100 * bend * bend + (1 - x!) ** 2;
};

/** Colville's function, minimum 0 at (1, 1, 1, 1). */
const wood: Objective = ([x, y, z, w], gradient) => {
  const [a, b] = [x! * x! - y!, z! * z! - w!];
  gradient.set([
    400 * x! * a + 2 * (x! - 1),
    -200 * a + 20.2 * (y! - 1) + 19.8 * (w! - 1),
    360 * z! * b + 2 * (z! - 1),
    -180 * b + 20.2 * (w! - 1) + 19.8 * (y! - 1),
  ]);
  const cross = 10.1 * ((y! - 1) ** 2 + (w! - 1) ** 2) + 19.8 * (y! - 1) * (w! - 1);
  return 100 * a * a + (x! - 1) ** 2 + (z! - 1) ** 2 + 90 * b * b + cross;
};

/** Beale's function, minimum 0 at (3, 0.5). */
const beale: Objective = ([x, y], gradient) => {
  let [value, dx, dy] = [0, 0, 0];
  [1.5, 2.25, 2.625].forEach((c, i) => {
    const power = y! ** (i + 1);
    const residual = c - x! + x! * power;
    value += residual * residual;
    dx += 2 * residual * (power - 1);
    dy += 2 * residual * x! * (i + 1) * y! ** i;
  });
  gradient.set([dx, dy]);
  return value;
};

describe("minimize", () => {
  test.each([
    ["Rosenbrock's valley", rosenbrock, [-1.2, 1], [1, 1]],
    ["Wood's function", wood, [-3, -1, -3, -1], [1, 1, 1, 1]],
    ["Beale's function", beale, [1, 1], [3, 0.5]],
  ] as const)("finds the published minimum of %s from the usual start", (_, f, start, expected) => {
    const found = minimize(f, start);
    expect(found.value).toBeLessThan(1e-15);
    expected.forEach((x, i) => expect(found.at[i]).toBeCloseTo(x, 7));
    expect(found.stoppedBy).not.toBe("iterations");
    expect(found.iterations).toBeLessThan(110);
  });

  test("solves any convex quadratic as the linear equations do", () => {
    const numbers = array(double({ min: -2, max: 2, noNaN: true }), {
      minLength: 20,
      maxLength: 20,
    });
    assert(
      property(numbers, (given) => {
        // A = MMᵀ + I, b: the minimum of ½xᵀAx − bᵀx solves Ax = b
        const n = 4;
        const entry = (i: number, j: number): number => {
          let sum = i === j ? 1 : 0;
          for (let k = 0; k < n; k++) sum += given[i * n + k]! * given[j * n + k]!;
          return sum;
        };
        const b = given.slice(16);
        const f: Objective = (x, gradient) => {
          let value = 0;
          for (let i = 0; i < n; i++) {
            let row = 0;
            for (let j = 0; j < n; j++) row += entry(i, j) * x[j]!;
            gradient[i] = row - b[i]!;
            value += x[i]! * (row / 2 - b[i]!);
          }
          return value;
        };
        const { at } = minimize(f, [0, 0, 0, 0]);
        for (let i = 0; i < n; i++) {
          let row = 0;
          for (let j = 0; j < n; j++) row += entry(i, j) * at[j]!;
          expect(Math.abs(row - b[i]!)).toBeLessThan(1e-6);
        }
      }),
      { seed: 2006, numRuns: 100 },
    );
  });

  test("keeps out of where the function is not defined", () => {
    // x − ln x: minimum 1 at 1, undefined at 0 and below; a full first step from 0.05 overshoots
    const f: Objective = ([x], gradient) => {
      gradient[0] = 1 - 1 / x!;
      return x! > 0 ? x! - Math.log(x!) : Number.NaN;
    };
    for (const start of [0.05, 40]) expect(minimize(f, [start]).at[0]).toBeCloseTo(1, 7);
  });

  test("says when a function has no minimum, and when it is at one already", () => {
    const endless: Objective = ([x], gradient) => {
      gradient[0] = -1;
      return -x!;
    };
    expect(minimize(endless, [0], { maxIterations: 5 })).toMatchObject({
      stoppedBy: "iterations",
      iterations: 5,
    });
    expect(minimize(rosenbrock, [1, 1])).toMatchObject({ stoppedBy: "gradient", iterations: 0 });
  });

  test("refuses a start where the function is not finite", () => {
    const f: Objective = () => Number.NaN;
    expect(() => minimize(f, [2, 3])).toThrow(/must be finite at the start; got NaN at \[2, 3\]/);
  });

  test("leaves the start as it was", () => {
    const start = Float64Array.of(-1.2, 1);
    minimize(rosenbrock, start);
    expect([...start]).toEqual([-1.2, 1]);
  });
});
