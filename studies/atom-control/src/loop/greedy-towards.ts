import type { Controller } from "../control/controller.js";
import { distance, minus } from "../model/vector.js";
import { neighbours, sitePosition } from "../model/honeycomb.js";

/**
 * Parks the beam a share of a bond from silicon towards the neighbour nearest to the goal.
 *
 * @param options.offsetBonds from silicon, 1 on the neighbour
 */
export function greedyTowards(options: {
  readonly offsetBonds: number;
  readonly dwellTimeS: number;
}): Controller {
  return {
    name: `greedy at ${options.offsetBonds} bonds for ${options.dwellTimeS} s`,
    decide: ({ lattice, silicon, goal }) => {
      const here = sitePosition(lattice, silicon);
      const target = sitePosition(lattice, goal);
      const next = neighbours(silicon)
        .map((site) => sitePosition(lattice, site))
        .reduce((best, at) => (distance(at, target) < distance(best, target) ? at : best));
      const bond = minus(next, here);
      const { offsetBonds, dwellTimeS } = options;
      const beamOffset = { x: offsetBonds * bond.x, y: offsetBonds * bond.y };
      return { beamOffset, dwellTimeS, stopOnArrival: false };
    },
  };
}
