import type { Preset } from "@quadrivium/config";

/** Walks of silicon to its goal in simulation, on maps known and learned. */
export const presets: { readonly [name: string]: Preset } = {
  walk: {
    summary: "200 walks of five hops on the human prior's map, planned",
    set: { experiment: "walk" },
    expectedSeconds: 2,
  },
  "walk-event": {
    summary: "The same, the beam blanked when the detector sees silicon arrive",
    set: { experiment: "walk", controller: "event" },
    expectedSeconds: 3,
  },
  "walk-greedy": {
    summary: "The same, with the paper's greedy controller on the neighbour, 5 s a stay",
    set: { experiment: "walk", controller: "greedy-on" },
    expectedSeconds: 1,
  },
  learn: {
    summary: "1000 random samples of a map never seen, rates learned from them, 50 walks on those",
    set: { experiment: "learn" },
    expectedSeconds: 15,
  },
  curve: {
    summary:
      "Loss against the truth by the number of samples, every hop counted and the paper's way",
    set: { experiment: "curve" },
    expectedSeconds: 100,
  },
  "walk-random": {
    summary: "The same, the beam anywhere",
    set: { experiment: "walk", controller: "random" },
    expectedSeconds: 2,
  },
};
