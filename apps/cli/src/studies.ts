import type { StudyRegistry } from "./host.js";

/**
 * Every study, by the name people type, those first whose quick tier ends first. Each is loaded
 * when it is first asked for.
 */
export const studies: StudyRegistry = {
  "modular-addition": {
    title: "Networks that learn a + b mod n",
    load: async () => (await import("@quadrivium/modular-addition")).study,
  },
  "momentum-scaling": {
    title: "Momentum adapted to dimension changes loss exponents",
    load: async () => (await import("@quadrivium/momentum-scaling/node")).study,
  },
  "pixel-rl": {
    title: "Where wide value networks fail: the bottleneck",
    load: async () => (await import("@quadrivium/pixel-rl")).study,
  },
  "atom-control": {
    title: "Silicon in graphene: learn its hops, walk it to its goal",
    load: async () => (await import("@quadrivium/atom-control/node")).study,
  },
};
