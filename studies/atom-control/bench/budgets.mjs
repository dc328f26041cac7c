/**
 * Absolute budgets of seeing, deciding and steering; run by
 * `npm run bench -- budgets --only atom-control`. Computations are told in processor time of one
 * process; what is asked of the way from one event to another, by the clock.
 */
import { hostArray, key, streamOf } from "@quadrivium/core";
import {
  atRest,
  atomsOf,
  bondLengthAngstrom,
  collect,
  controllerByName,
  cusum,
  hopLog,
  instrumentByName,
  learnRates,
  locateFrame,
  mapByName,
  measuredImageModel,
  nearestSite,
  openRateModel,
  paperBeam,
  planner,
  renderFrame,
  scanWobble,
  takeFrame,
  walks,
} from "@quadrivium/atom-control";
import { frameToParkMs, quantile, silenceMs, stopMs } from "./loop-latency.mjs";

/** Processor milliseconds of what `work` does. */
function cpuMs(work) {
  const before = process.cpuUsage();
  const done = work();
  const since = () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  return done instanceof Promise ? done.then(since) : since();
}

const prior = mapByName("prior");
const lattice = { origin: { x: 0.3, y: 0.2 }, angle: 0.4, bondLengthAngstrom };
const silicon = nearestSite(lattice, { x: 0, y: 0 });

// Frames: 500 atoms of graphene fill a square of 36.2 Å.
const side = Math.sqrt((500 * 3 * Math.sqrt(3) * bondLengthAngstrom ** 2) / 4);
const region = { centre: { x: 0, y: 0 }, width: side, height: side };
const scan = { region, rows: 512, columns: 512, frameTimeS: 2 };
const atoms = atomsOf({ lattice, silicon: [silicon] }, region);
const wobble = scanWobble(key(1), { rmsAngstrom: 0.1, frameTimeS: 2 });

function render() {
  const exposures = [{ fromRow: 0, atoms }];
  const driftOfRow = () => ({ x: 0, y: 0 });
  const image = measuredImageModel;
  return renderFrame({ scan, image, exposures, driftOfRow, wobble }, streamOf(key(2)));
}

const microscope = { ...instrumentByName("paper-like"), fovAngstrom: 20, pixels: 512 };
const frames = [];
let specimen = {
  sheet: { lattice, silicon: [silicon] },
  drift: atRest,
  centre: { x: 0, y: 0 },
};
for (let n = 0; n < 20; n++) {
  const taken = takeFrame(specimen, { instrument: microscope, map: prior, key: key(n) });
  specimen = taken.after;
  frames.push(taken.frame);
}
const seen = frames.map((frame) => ({ ...locateFrame(frame), width: 512, height: 512 }));

// A model as `learn` writes it, its weights by chance: ten members.
function newModel(seed) {
  const [members, hidden] = [10, 32];
  const stream = streamOf(key(seed));
  const shapes = {
    place: [2, hidden],
    settings: [2, hidden],
    bias1: [hidden],
    kernel2: [hidden, hidden],
    bias2: [hidden],
    kernel3: [hidden, 1],
    bias3: [1],
  };
  const params = Object.entries(shapes).map(([name, shape]) => {
    const size = members * shape.reduce((product, n) => product * n, 1);
    const data = Float32Array.from({ length: size }, () => 0.1 * stream.normal());
    return [name, hostArray(data, [members, ...shape])];
  });
  return openRateModel({
    version: 1,
    network: {
      kind: "equivariant",
      hidden,
      numSettings: 2,
      reflection: true,
      prior: { logPeak: Math.log(0.2), centre: 0.85, sigma: 0.5 },
    },
    info: {
      reference: { ...paperBeam, linearInCurrent: true },
      band: { inflation: 1, resolutionPerS: 1e-3 },
      noiseShare: 0,
      bestOffset: { along: 0.85, across: 0 },
      training: {},
    },
    params: Object.fromEntries(params),
  });
}
const model = newModel(0);
let modelSeed = 1;

const planned = (map) => planner({ name: "planner", map, beam: paperBeam, imageTimeS: 2 });
// 21 bonds off, for which 2,900 sites are planned
const goal = { i: silicon.i + 9, j: silicon.j + 5, sublattice: silicon.sublattice };
const far = planned(prior);
far.decide({ lattice, silicon, goal });

const numDecisions = 1000;

/** The silicon atom somewhere on the way to the goal. */
function onTheWay(n) {
  return { i: silicon.i + (n % 9), j: silicon.j + (n % 5), sublattice: n % 2 ? "A" : "B" };
}

function decide(n) {
  return far.decide({ lattice, silicon: onTheWay(n), goal });
}

/** Milliseconds by the clock of each decision. */
function decisionTimes() {
  return Array.from({ length: numDecisions }, (_, n) => {
    const before = performance.now();
    decide(n);
    return performance.now() - before;
  });
}

const traceCounts = Array.from({ length: 1e6 }, (_, n) => 90 + (n % 20));

function episodes(count) {
  const what = { beam: paperBeam, imageTimeS: 2 };
  const world = { ...what, map: prior, fovAngstrom: 20, placementSigmaAngstrom: 0.1 };
  const controller = controllerByName("planner", { ...what, truth: prior, greedyDwellS: 3 });
  return [...walks({ world, hops: 5, episodes: count, key: key(3), controller })];
}

const policy = { beam: paperBeam, squareBonds: 1, dwellTimesS: [1, 5], stepsPerTrajectory: 20 };
const samples = [...collect(prior, { policy, samples: 1000, key: key(5) })].map(
  ({ transition }) => transition,
);

export const budgets = [
  {
    name: "render 512 × 512 pixels with 500 atoms",
    budgetMs: 30,
    measure: () => cpuMs(render),
  },
  {
    name: "lattice, atoms and posteriors of 512 × 512 pixels",
    budgetMs: 150,
    measure: () => cpuMs(() => locateFrame(frames[0])),
  },
  {
    name: "the same on the next frame of a scan",
    budgetMs: 30,
    measure: () => cpuMs(() => locateFrame(frames[1])),
  },
  {
    name: "tracker, one frame",
    budgetMs: 5,
    measure: () => cpuMs(() => hopLog(seen)) / (seen.length - 1),
  },
  {
    name: "rates of 10 members to 3 neighbours",
    budgetMs: 0.1,
    measure: () =>
      cpuMs(() => {
        for (let n = 0; n < 3000; n++) model.rate(0.8 + n * 1e-5, 0.1, paperBeam);
      }) / 1000,
  },
  {
    name: "planner's kernels and first policy for a new model",
    budgetMs: 500,
    measure: () => {
      const map = newModel(modelSeed++);
      const near = { ...silicon, i: silicon.i + 3 };
      return cpuMs(() => planned(map).decide({ lattice, silicon, goal: near }));
    },
  },
  {
    name: "1,000 decisions after hops, 2,900 sites planned",
    budgetMs: numDecisions,
    measure: () =>
      cpuMs(() => {
        for (let n = 0; n < numDecisions; n++) decide(n);
      }),
  },
  {
    name: "one of them, 99 %, by the clock",
    budgetMs: 5,
    measure: () => quantile(decisionTimes(), 0.99),
  },
  {
    name: "a million samples of the detector's test for a step",
    budgetMs: 1000,
    measure: () => {
      const raisesAlarm = cusum({ before: 100, after: 400, threshold: 14 });
      return cpuMs(() => traceCounts.forEach(raisesAlarm));
    },
  },
  {
    name: "1,000 symbolic closed-loop episodes of 5 hops",
    budgetMs: 60_000,
    measure: () => cpuMs(() => episodes(1000)),
  },
  {
    name: "learn from 1,000 samples, 5 members",
    budgetMs: 120_000,
    measure: () =>
      cpuMs(() =>
        learnRates(samples, {
          key: key(0),
          members: 5,
          compute: { executor: "auto", threads: 1 },
          signal: new AbortController().signal,
        }),
      ),
  },
  {
    name: "frame of 512 × 512 to park command, 95 %, by the clock",
    budgetMs: 300,
    measure: frameToParkMs,
  },
  {
    name: "emergency stop to blanked beam over TCP, by the clock",
    budgetMs: 50,
    measure: stopMs,
  },
  {
    name: "silence of the server to blanked beam, by the clock",
    budgetMs: 2000,
    measure: silenceMs,
  },
];
