import type { Stream } from "@quadrivium/core";
import { neighbours, sitePosition } from "../model/honeycomb.js";
import type { NeighbourIndex } from "../model/site-symmetry.js";
import { distance } from "../model/vector.js";
import type { Controller, ControlState } from "./controller.js";
import type { Offset } from "./offsets.js";
import { placed } from "./planner.js";

/** Offsets of the paper's greedy controllers that were set by hand. @unit bonds */
export const handOffsets = {
  "greedy-on": { along: 1, across: 0 },
  "greedy-short": { along: 0.58 / 1.42, across: 0 },
  "greedy-hand": { along: 0.85, across: 0 },
} as const;

/** The paper's greedy controller: always the neighbour nearest to the goal, one offset, one dwell. */
export function greedy(name: string, offset: Offset, dwellTimeS: number): Controller {
  return {
    name,
    decide: (state) => ({
      beamOffset: placed({
        lattice: state.lattice,
        site: state.silicon,
        aim: nearestToGoal(state),
        offset,
      }),
      dwellTimeS,
      stopOnArrival: false,
    }),
  };
}

function nearestToGoal({ lattice, silicon, goal }: ControlState): NeighbourIndex {
  const target = sitePosition(lattice, goal);
  const [a, b, c] = neighbours(silicon).map((site) =>
    distance(sitePosition(lattice, site), target),
  );
  if (a <= b && a <= c) return 0;
  return b <= c ? 1 : 2;
}

/** Parks anywhere in a square of two bonds about silicon, for 1.5 s: the paper's first data. */
export function randomWalk(stream: Stream): Controller {
  return {
    name: "random",
    decide: ({ lattice: { bondLengthAngstrom: a } }) => ({
      beamOffset: { x: a * (2 * stream.uniform() - 1), y: a * (2 * stream.uniform() - 1) },
      dwellTimeS: 1.5,
      stopOnArrival: false,
    }),
  };
}
