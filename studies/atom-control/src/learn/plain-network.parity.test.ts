import { hostArray, key, random, type HostArray } from "@quadrivium/core";
import { compile, dispose, vmap, type np } from "@quadrivium/engine";
import { describe, expect, test } from "vitest";
import { hopRates, paperBeam } from "../model/rate-map.js";
import { turned } from "../model/vector.js";
import { openRateModel, type StoredRateModel } from "./model-file.js";
import { initMembers, networkForm, type NetworkFormOptions } from "./network-form.js";
import { plainMembers } from "./plain-network.js";
import type { Parameters, StackedParameters } from "./rate-form.js";

const numMembers = 3;
const options = (reflection: boolean): NetworkFormOptions => ({
  hidden: 32,
  numSettings: 2,
  reflection,
  prior: { logPeak: -1.5, centre: 0.7, sigma: 1.5 },
});

/** Members with large random weights everywhere: far from any symmetric start. */
function wildMembers(form: NetworkFormOptions): StackedParameters {
  const start = initMembers(key(4), numMembers, form);
  return Object.fromEntries(
    Object.entries(start).map(([name, { shape, data }], at) => {
      const noise = random.normal(key(100 + at), shape, { dtype: "float32" }).data;
      return [
        name,
        hostArray(
          data.map((value, i) => value + 0.3 * noise[i]),
          shape,
        ),
      ];
    }),
  );
}

function stored(form: NetworkFormOptions): StoredRateModel {
  const { noise: _, ...params } = wildMembers(form);
  return {
    version: 1,
    network: { kind: "equivariant", ...form },
    params,
    info: {
      reference: { currentNanoA: 0.1, voltageKv: 60, linearInCurrent: true },
      band: { inflation: 1.3, resolutionPerS: 1e-4 },
      noiseShare: 0,
      bestOffset: { along: 1, across: 0 },
      training: {},
    },
  };
}

describe("plainMembers", () => {
  test.each([true, false])(
    "agrees with the engine to 1e-6 of the rate, reflection %s",
    async (reflection) => {
      const form = options(reflection);
      const params = wildMembers(form);
      const count = 200;
      const column = (seed: number, width: number): HostArray<Float32Array> =>
        random.uniform(key(seed), [count, width], { dtype: "float32", min: -2, max: 2 });
      const [along, across, settings] = [column(1, 1), column(2, 1), column(3, 2)];
      const rates = (all: Parameters<np.Array>, x: np.Array, y: np.Array, s: np.Array): np.Array =>
        vmap(
          (own: Parameters<np.Array>) =>
            networkForm(form, 1).rate(own, {
              along: x.ref,
              across: y.ref,
              settings: s.ref.reshape([count, 1, 2]),
            }),
          [0],
        )(all);
      const program = await compile(rates, [params, along, across, settings], {
        executor: "native",
      });
      const result = await program.run(params, along, across, settings);
      const { data } = await result.read();
      dispose(result);
      await program.dispose();

      const evaluate = plainMembers(form, params);
      const plain = new Float64Array(numMembers);
      for (let row = 0; row < count; row++) {
        const own = settings.data.subarray(2 * row, 2 * row + 2);
        evaluate(along.data[row], across.data[row], own, plain);
        plain.forEach((rate, m) => {
          const engine = Number(data[m * count + row]);
          // float32 sums of 32 terms of size 1 in the exponent: some 10 ulp
          expect(Math.abs(rate - engine)).toBeLessThan(1e-6 + 4e-6 * rate);
        });
      }
    },
  );
});

describe("the equivariant network", () => {
  test("keeps all symmetry of the site to 1e-12 for any weights", () => {
    const model = openRateModel(stored(options(true)));
    const angles = [0.3, 0.3 + (2 * Math.PI) / 3, 0.3 + (4 * Math.PI) / 3] as const;
    const beams = random.uniform(key(9), [40, 2], { min: -2, max: 2 }).data;
    for (let at = 0; at < 40; at++) {
      const beam = { x: beams[2 * at], y: beams[2 * at + 1] };
      const [a, b, c] = hopRates(model, beam, angles, paperBeam);
      const moved = hopRates(model, turned(beam, (2 * Math.PI) / 3), angles, paperBeam);
      [c, a, b].forEach((rate, k) => expect(Math.abs(moved[k] - rate)).toBeLessThan(1e-12));
      const along = turned(beam, -0.3);
      const mirrored = turned({ x: along.x, y: -along.y }, 0.3);
      const seen = hopRates(model, mirrored, angles, paperBeam);
      [a, c, b].forEach((rate, k) => expect(Math.abs(seen[k] - rate)).toBeLessThan(1e-12));
    }
  });

  test("tells the sides of the bond apart where reflection is off", () => {
    const model = openRateModel(stored(options(false)));
    const [one, other] = [0.4, -0.4].map((across) => model.rate(0.8, across, paperBeam));
    expect(Math.abs(one - other)).toBeGreaterThan(1e-3);
  });

  test("doubles with the current where the prior says so and nothing else was learned", () => {
    const form = options(true);
    const { noise: _, ...params } = initMembers(key(4), numMembers, form);
    const model = openRateModel({ ...stored(form), params });
    const slow = model.rate(0.8, 0.1, paperBeam);
    expect(model.rate(0.8, 0.1, { ...paperBeam, currentNanoA: 0.2 })).toBeCloseTo(2 * slow, 12);
  });

  test("has bounds about its mean", () => {
    const model = openRateModel(stored(options(true)));
    const [low, mid, high] = [model.lower, model.rate, model.upper].map((f) =>
      f(0.8, 0.1, paperBeam),
    );
    expect(low).toBeLessThan(mid);
    expect(mid).toBeLessThan(high);
  });
});
