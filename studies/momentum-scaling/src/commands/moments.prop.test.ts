import {
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  double,
  integer,
  oneof,
  record,
  tuple,
  type Arbitrary,
} from "fast-check";
import { matmul, matrix, matrixOf, symmetricEigen, transpose } from "@quadrivium/numerics";
import { describe, expect, test } from "vitest";
import { fullMatrixRisks, rotatedProblem } from "../theory/full-matrix.test-helpers.js";
import { ambientRisks, type AmbientModel } from "../theory/ambient-moments.test-helpers.js";
import { methodRule } from "../theory/methods.js";
import { heavyBallSchedule, nesterovSchedule, type Schedule } from "../theory/coefficients.js";
import { loopContext } from "./command-context.test-helpers.js";
import { momentsCommand } from "./moments.js";

const numHidden = 6;
const numberIn = (min: number, max: number): Arbitrary<number> =>
  double({ min, max, noNaN: true, noDefaultInfinity: true });
const listOf = (length: number, min: number, max: number): Arbitrary<number[]> =>
  array(numberIn(min, max), { minLength: length, maxLength: length });

const model = record({
  dim: integer({ min: 1, max: numHidden }),
  variances: listOf(numHidden, 0.02, 1.5),
  target: listOf(numHidden, -2, 2),
  turns: listOf(numHidden, -3, 3),
  scales: listOf(numHidden, 0.4, 1.5),
}).map(({ dim, variances, target, turns, scales }): AmbientModel => {
  // columns of a product of plane rotations, scaled: well conditioned, else digits are lost
  let frame = matrixOf(
    Array.from({ length: numHidden }, (_, i) =>
      Array.from({ length: dim }, (_, j) => (i === j ? scales[j]! : 0)),
    ),
  );
  turns.forEach((angle, i) => {
    const rotation = matrix(numHidden, numHidden);
    for (let k = 0; k < numHidden; k++) rotation.data[k * (numHidden + 1)] = 1;
    const j = (i + 1) % numHidden;
    rotation.data[i * numHidden + i] = rotation.data[j * numHidden + j] = Math.cos(angle);
    rotation.data[i * numHidden + j] = -Math.sin(angle);
    rotation.data[j * numHidden + i] = Math.sin(angle);
    frame = matmul(rotation, frame);
  });
  return { variances, features: frame, target };
});

/** λ, ρ² and σ² of a model, as a user of the verb would compute them. */
function spectrumOfModel({ variances, features, target }: AmbientModel) {
  const v = variances.length;
  const weighted = matrix(v, features.cols, Float64Array.from(features.data));
  weighted.data.forEach(
    (x, at) => (weighted.data[at] = x * variances[Math.floor(at / features.cols)]!),
  );
  const kernel = matmul(transpose(weighted), features);
  const { values, vectors } = symmetricEigen(kernel);
  const onTarget = matmul(transpose(weighted), matrix(v, 1, Float64Array.from(target)));
  const inBasis = matmul(transpose(vectors), onTarget).data;
  const start = Array.from(values, (lambda, j) => inBasis[j]! / lambda);
  const whole = target.reduce((sum, b, i) => sum + variances[i]! * b * b, 0);
  const learnable = start.reduce((sum, r, j) => sum + values[j]! * r * r, 0);
  return {
    lambda: [...values],
    rho2: start.map((r) => r * r),
    sigma2: Math.max(0, whole - learnable),
  };
}

const numSteps = 25;
const range = Array.from({ length: numSteps }, (_, t) => t);

async function expectAgreement(
  given: AmbientModel,
  schedule: Schedule,
  batches: number | readonly number[],
  asLists = true,
): Promise<void> {
  const batchAt = (t: number): number => (typeof batches === "number" ? batches : batches[t]!);
  const expected = ambientRisks(
    given,
    range.map((t) => ({ ...schedule(t), batch: batchAt(t) })),
  );
  const rates = (name: "gamma1" | "gamma2" | "gamma3" | "delta") =>
    asLists ? range.map((t) => schedule(t)[name]) : schedule(0)[name];
  const problem = {
    ...spectrumOfModel(given),
    batch: batches,
    gamma1: rates("gamma1"),
    gamma2: rates("gamma2"),
    gamma3: rates("gamma3"),
    delta: rates("delta"),
    steps: numSteps,
  };
  const { risk } = await momentsCommand.run(
    { in: "problem.json" },
    loopContext({ "problem.json": JSON.stringify(problem) }),
  );
  expect(risk).toHaveLength(numSteps + 1);
  let scale = 0;
  expected.forEach((value, t) => {
    scale = Math.max(scale, Math.abs(value));
    expect(Math.abs(risk[t]! - value)).toBeLessThanOrEqual(1e-10 * scale);
  });
}

describe("moments against the second moments of all hidden features", () => {
  test("agrees for schedules and batches that change at random from step to step", async () => {
    const schedules = record({
      gamma1: listOf(numSteps, 0, 1.5),
      gamma2: listOf(numSteps, 0, 0.4),
      gamma3: listOf(numSteps, 0, 0.3),
      delta: listOf(numSteps, 0, 2.5),
      batch: array(constantFrom(1, 2, 3, 64, 1000), { minLength: numSteps, maxLength: numSteps }),
    });
    await assert(
      asyncProperty(model, schedules, async (given, { batch, ...lists }) => {
        const schedule: Schedule = (t) => ({
          gamma1: lists.gamma1[t]!,
          gamma2: lists.gamma2[t]!,
          gamma3: lists.gamma3[t]!,
          delta: lists.delta[t]!,
        });
        await expectAgreement(given, schedule, batch);
      }),
      { seed: 16098, numRuns: 60 },
    );
  });

  test("agrees for every method and constant, as lists and as scalars", async () => {
    const shape = { alpha: 1, beta: 0.3, dim: 4, hiddenDim: numHidden };
    const published = (["sgd", "sgd-m", "dana-constant", "dana-decaying"] as const).flatMap(
      (method) =>
        (["bounded", "unbounded"] as const).map((forgetting) => {
          const rule = methodRule(shape, { method, batch: 1, forgetting });
          if (rule.kind !== "momentum") throw new Error("not a momentum method");
          return rule.schedule;
        }),
    );
    const schedules = [...published, heavyBallSchedule(0.05, 0.9), nesterovSchedule(0.05, 0.9)];
    await assert(
      asyncProperty(
        model,
        constantFrom(...schedules),
        constantFrom(1, 3, 64),
        async (given, schedule, batch) => {
          await expectAgreement(given, schedule, batch);
          const { delta, ...rest } = schedule(1);
          await expectAgreement(given, () => ({ ...rest, delta }), batch, false);
        },
      ),
      { seed: 2505, numRuns: 60 },
    );
  });
});

describe("moments against full matrices in turned coordinates", () => {
  const eigenvalue = oneof(
    { weight: 3, arbitrary: numberIn(0.01, 2) },
    { weight: 1, arbitrary: constantFrom(0, 1e-9, 1e-3, 0.5) }, // zero, tiny, repeated
  );
  const rates = (steps: number, max: number) =>
    oneof(numberIn(0, max), listOf(steps, 0, max), constant(0));
  const sizes = constantFrom(1, 2, 7, 1e6, Infinity);
  const problem = integer({ min: 0, max: 20 }).chain((steps) =>
    record({
      steps: constant(steps),
      modes: array(tuple(eigenvalue, integer({ min: -200, max: 200 })), {
        minLength: 1,
        maxLength: 6,
      }),
      angles: listOf(12, -3, 3),
      sigma2: oneof(constant(0), numberIn(1e-3, 1)),
      batch: oneof(sizes, array(sizes, { minLength: steps, maxLength: steps })),
      gamma1: rates(steps, 1.5),
      gamma2: rates(steps, 0.6),
      gamma3: rates(steps, 0.3),
      delta: rates(steps, 2.5),
    }),
  );

  test("agrees for any spectrum, zeros included, and any mixture of scalars and lists", async () => {
    await assert(
      asyncProperty(problem, async ({ modes, angles, ...rest }) => {
        const lambda = modes.map(([value]) => value);
        const start = modes.map(([, error]) => error / 100);
        const file = { ...rest, lambda, rho2: start.map((error) => error ** 2) };
        const text = JSON.stringify(file, (_, value: unknown) =>
          value === Infinity ? "Infinity" : value,
        ).replaceAll('"Infinity"', "Infinity");
        const { risk } = await momentsCommand.run({ in: "p" }, loopContext({ p: text }));
        const at = (given: number | readonly number[], t: number): number =>
          typeof given === "number" ? given : given[t]!;
        const expected = fullMatrixRisks({
          ...rotatedProblem(lambda, start, angles),
          sigma2: rest.sigma2,
          batch: rest.batch,
          coefficients: Array.from({ length: rest.steps }, (_, t) => ({
            gamma1: at(rest.gamma1, t),
            gamma2: at(rest.gamma2, t),
            gamma3: at(rest.gamma3, t),
            delta: at(rest.delta, t),
          })),
        });
        expect(risk).toHaveLength(expected.length);
        // turning rounds K to 1e-16 of its largest eigenvalue, also along unseen directions
        let scale = 1e-4 * Math.max(...lambda) * file.rho2.reduce((sum, x) => sum + x, 0);
        expected.forEach((value, t) => {
          // the matrices lose digits where moments grow and cancel
          scale = Math.max(scale, Math.abs(value));
          expect(Math.abs(risk[t]! - value)).toBeLessThanOrEqual(1e-10 * scale);
        });
      }),
      { seed: 2505, numRuns: 300 },
    );
  });
});
