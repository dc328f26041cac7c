import { hostArray, key, streamOf } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { filterObservations } from "../../data/filter-steps.js";
import { readDuneSteps, type DuneReading } from "../../formats/dune-sessions.js";
import { readDuneRecords, writeDuneRecords } from "../../formats/putting-dune.js";
import { learnRates } from "../../learn/learn-rates.js";
import { learningSet } from "../../learn/learning-set.js";
import { openRateModel } from "../../learn/model-file.js";
import { bondLengthAngstrom, neighbourAngles, sameSite } from "../../model/honeycomb.js";
import { priorMap, simpleMap } from "../../model/maps/fixed-maps.js";
import { outcomeProbabilities } from "../../model/outcome-probabilities.js";
import { hopRates, paperBeam, type RateMap } from "../../model/rate-map.js";
import { direction, minus } from "../../model/vector.js";
import { collectPaper, paperPolicy } from "./collect-paper.js";
import { paperRecords } from "./paper-files.js";
import { cleanPaperImage } from "./paper-image.js";
import { beginPaperEpisode, stepPaperEpisode } from "./paper-microscope.js";

// Each of these goes wrong somewhere in the published code; here is what is right.

const sessions = (map: RateMap, samples: number, dwellS = 1.5) => [
  ...collectPaper(map, {
    policy: { ...paperPolicy, dwellTimesS: [dwellS, dwellS] },
    samples,
    key: key(5),
  }),
];
const reading: DuneReading = { pairing: "with-after", beam: paperBeam };

describe("what the published code gets wrong", () => {
  test("the human prior is turned with the neighbour: 0.85 bonds towards any is best for that one", () => {
    const angles = neighbourAngles({ angle: 0.4 }, "A");
    angles.forEach((angle, k) => {
      const { x, y } = direction(angle);
      const reach = 0.85 * bondLengthAngstrom;
      const rates = hopRates(priorMap, { x: reach * x, y: reach * y }, angles, paperBeam);
      // turned by minus the angle, neighbour 1 gets 0.0012 a second
      expect(rates[k]).toBeCloseTo(0.23105, 5);
      expect(Math.max(...rates)).toBe(rates[k]);
    });
  });

  test("a network is asked in the lengths that it was trained on", () => {
    const angle = 0.4;
    const [towards] = neighbourAngles({ angle }, "A");
    const { x, y } = direction(towards);
    const beamXAngstrom = 0.85 * bondLengthAngstrom * x;
    const beamYAngstrom = 0.85 * bondLengthAngstrom * y;
    const [sample] = sessions(priorMap, 1)[0].samples;
    const transition = {
      ...sample.transition,
      latticeAngle: angle,
      sublattice: "A" as const,
      beamXAngstrom,
      beamYAngstrom,
    };
    const { beam } = learningSet([transition], 1);
    const asked: number[][] = [];
    const map: RateMap = {
      name: "asked",
      rate: (along, across) => {
        asked.push([along, across]);
        return 0;
      },
    };
    const offset = { x: beamXAngstrom, y: beamYAngstrom };
    hopRates(map, offset, neighbourAngles({ angle }, "A"), paperBeam);
    expect(beam[0]).toBeCloseTo(0.85, 12);
    expect(asked[0][0]).toBeCloseTo(beam[0], 12);
    expect(asked[0][1]).toBeCloseTo(beam[1], 12);
  });

  test("four outputs are three logits and a total: rates are their products", () => {
    const zeros = (...shape: number[]) =>
      hostArray(new Float32Array(shape.reduce((a, b) => a * b)), shape);
    const model = openRateModel({
      version: 1,
      network: {
        kind: "paper",
        hidden: 2,
        inputMean: [0, 0, 0, 0],
        inputScale: [1, 1, 1, 1],
      },
      params: {
        kernel1: zeros(1, 4, 2),
        bias1: zeros(1, 2),
        kernel2: zeros(1, 2, 2),
        bias2: zeros(1, 2),
        kernel3: zeros(1, 2, 4),
        bias3: hostArray(Float32Array.of(2, 1, 0, -1), [1, 4]),
      },
      info: {
        reference: { ...paperBeam, linearInCurrent: false },
        band: { inflation: 1, resolutionPerS: 0 },
        noiseShare: 0,
        bestOffset: { along: 0, across: 0 },
        training: {},
      },
    });
    const angles = neighbourAngles({ angle: 0 }, "A");
    const rates = hopRates(model, { x: 1, y: 0 }, angles, paperBeam);
    const positive = [2, 1, 0, -1].map((value) => Math.log1p(Math.exp(value)));
    const shares = positive.slice(0, 3).map(Math.exp);
    const total = shares.reduce((a, b) => a + b, 0);
    rates.forEach((rate, k) => expect(rate).toBeCloseTo((positive[3] * shares[k]) / total, 7));
  });

  test("the simulator's controls belong to the image after; the other pairing tells another story", () => {
    const found = sessions(priorMap, 60);
    const bytes = paperRecords(found);
    const dwells = found.flatMap(({ samples }) => samples.map(({ transition }) => transition));
    const places = (pairing: DuneReading["pairing"]) =>
      readDuneSteps(bytes, { ...reading, pairing }).sessions.flatMap((steps) =>
        steps.map(({ before, controls: [control] }) => {
          const silicon = before.find(({ atomicNumber }) => atomicNumber === 14)!;
          return control === undefined ? null : minus(control, silicon);
        }),
      );
    places("with-after").forEach((place, at) => {
      expect(place!.x).toBeCloseTo(dwells[at].beamXAngstrom, 4);
      expect(place!.y).toBeCloseTo(dwells[at].beamYAngstrom, 4);
    });
    const wrong = places("with-before");
    expect(wrong[0]).toBeNull();
    expect(Math.abs(wrong[1]!.x - dwells[1].beamXAngstrom)).toBeGreaterThan(0.01);
  });

  test("beam positions in angstrom of the sheet are told from those in the field of view", () => {
    const [{ observations }] = sessions(priorMap, 3);
    const inField = paperRecords([{ observations, samples: [] }]);
    const [record] = readDuneRecords(inField, "trajectory");
    const onSheet = {
      observations: (record.observations as readonly object[]).map((observation, at) => ({
        ...observation,
        controls: observations[at].controls.map((control) => ({
          position: { x: control.x + 40, y: control.y },
          dwellTimeSeconds: control.dwellTimeS,
        })),
        // the same sheet, 40 Å to the right: no place of it lies between 0 and 1
        fov: {
          lowerLeftAngstroms: {
            x: observations[at].region.centre.x + 40 - observations[at].region.width / 2,
            y: observations[at].region.centre.y - observations[at].region.height / 2,
          },
          upperRightAngstroms: {
            x: observations[at].region.centre.x + 40 + observations[at].region.width / 2,
            y: observations[at].region.centre.y + observations[at].region.height / 2,
          },
        },
      })),
    };
    const told = readDuneSteps(writeDuneRecords([onSheet], "trajectory"), reading);
    const meant = readDuneSteps(inField, reading);
    expect([told.beamFrame, meant.beamFrame]).toEqual(["sheet", "field"]);
    told.sessions[0].forEach(({ controls: [control] }, step) => {
      expect(control.x - 40).toBeCloseTo(meant.sessions[0][step].controls[0].x, 4);
      expect(control.y).toBeCloseTo(meant.sessions[0][step].controls[0].y, 4);
    });
  });

  test("a step tells its own time; the reward discounts the whole episode", () => {
    const stream = streamOf(key(9));
    const first = beginPaperEpisode(stream);
    const scene = { ...first.scene, goal: first.scene.silicon };
    const wait = (before: typeof scene) =>
      stepPaperEpisode(
        before,
        {
          map: { name: "still", rate: () => 0 },
          controls: [{ x: 0, y: 0, dwellTimeS: 1.5, ...paperBeam }],
        },
        stream,
      );
    const one = wait(scene);
    const two = wait(one.scene);
    expect([one.observation.elapsedTimeS, two.observation.elapsedTimeS]).toEqual([3.5, 3.5]);
    expect(two.scene.totalTimeS).toBe(9);
    expect(two.isAtGoal).toBe(true);
    expect(two.reward).toBeCloseTo(0.9967 ** 9, 12);
  });

  test("drift in a record keeps its fraction", () => {
    const record = { drifts: [{ jitter: [{ x: 0.25, y: -1.5 }], drift: { x: 0.75, y: -0.125 } }] };
    const bytes = writeDuneRecords([record], "labeledAlignmentTrajectory");
    expect(readDuneRecords(bytes, "labeledAlignmentTrajectory")).toEqual([record]);
  });

  test("two silicon atoms are never guessed between: the step is dropped and counted", () => {
    const [{ observations }] = sessions(priorMap, 1);
    const crowded = observations.map((observation) => {
      const far = observation.atoms.findLast(({ atomicNumber }) => atomicNumber === 6);
      const atoms = observation.atoms.map((atom) =>
        atom === far ? { ...atom, atomicNumber: 14 } : atom,
      );
      return { ...observation, atoms };
    });
    const { counts } = filterObservations([crowded], { pairing: "with-after" });
    expect(counts).toMatchObject({ total: 1, kept: 0 });
    expect(counts.dropped["one-silicon"]).toBe(1);
  });

  test("dwells with several hops are kept for learning; the published filter drops just those", () => {
    // 400 dwells of 5 s on the simple map; silicon beyond its neighbours in about one of seven
    const found = sessions(simpleMap, 400, 5);
    const all = found.flatMap(({ samples }) => samples.map(({ transition }) => transition));
    const far = all.map((t) => {
      const near = outcomeProbabilities(simpleMap, {
        sublattice: t.sublattice,
        angle: t.latticeAngle,
        beamOffset: { x: t.beamXAngstrom, y: t.beamYAngstrom },
        beam: paperBeam,
        dwellTimeS: 5,
      }).slice(0, 4);
      const probability = 1 - near.reduce((sum, outcome) => sum + outcome.probability, 0);
      const isFar = !near.some(({ site }) => sameSite(site, t.after[0]));
      return { probability, isFar };
    });
    const expected = far.reduce((sum, { probability }) => sum + probability, 0);
    const variance = far.reduce((sum, { probability: p }) => sum + p * (1 - p), 0);
    const count = far.filter(({ isFar }) => isFar).length;
    expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(variance)); // α = 6e-7
    expect(count).toBeGreaterThan(20);
    const observed = found.map(({ observations }) => observations);
    const paper = filterObservations(observed, { pairing: "with-after" });
    expect(paper.counts.dropped["single-hop"]).toBe(count);
    const kept = filterObservations(observed, { pairing: "with-after", multiHop: "keep" });
    expect(kept.counts.kept).toBe(all.length);
  });

  test("a set smaller than a batch is one batch, not none", async () => {
    const few = sessions(priorMap, 30).flatMap(({ samples }) =>
      samples.map(({ transition }) => transition),
    );
    const fit = (steps: number) =>
      learnRates(few, {
        key: key(1),
        compute: { executor: "native", threads: 1 },
        likelihood: "paper",
        members: 2,
        heldOutShare: 0,
        steps,
      });
    const [one, more] = [await fit(20), await fit(40)];
    // 180 copies of 30 samples are fewer than 256; had there been no batch, no weight had moved
    expect(more.stored.params.bias3).not.toEqual(one.stored.params.bias3);
  });

  test("rows of an image run down, places of the sheet up", () => {
    const region = { centre: { x: 3, y: -2 }, width: 20, height: 20 };
    const image = cleanPaperImage([{ x: 3 + 5, y: -2 + 7, atomicNumber: 14 }], {
      region,
      atomicExponent: 1.7,
    });
    const brightest = image.values.indexOf(1);
    const perAngstrom = image.width / 20;
    expect(Math.floor(brightest / image.width)).toBe(Math.floor((10 - 7) * perAngstrom));
    expect(brightest % image.width).toBe(Math.floor((10 + 5) * perAngstrom));
  });
});
