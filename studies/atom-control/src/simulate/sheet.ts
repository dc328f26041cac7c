import {
  bondLengthAngstrom,
  neighbours,
  nearestSite,
  sitePosition,
  siteKey,
  type Honeycomb,
  type Site,
} from "../model/honeycomb.js";
import { minus, type Vector } from "../model/vector.js";

/** Projected silicon–carbon bond of threefold silicon. @unit angstrom @source DFT of Si1C3 in graphene */
export const siliconBondAngstrom = 1.624;
/** Projected silicon–carbon bond of fourfold silicon, in a double vacancy. @unit angstrom */
export const fourfoldBondAngstrom = 1.84;

/** Graphene with its defects, by site. */
export interface Sheet {
  readonly lattice: Honeycomb;
  /** Threefold silicon. */
  readonly silicon: readonly Site[];
  /** Fourfold silicon: it takes the places of this site and of its first neighbour. */
  readonly fourfold?: readonly Site[];
  readonly vacancies?: readonly Site[];
}

/** An atom as the beam meets it. */
export interface Atom extends Vector {
  readonly element: "C" | "Si";
}

/** A rectangle of the sheet. @unit angstrom, material frame */
export interface Region {
  readonly centre: Vector;
  readonly width: number;
  readonly height: number;
}

/** A place of the sheet in a field of view: (0, 0) its lower left corner, (1, 1) its upper right. */
export function inField({ centre, width, height }: Region, { x, y }: Vector): Vector {
  return { x: (x - centre.x) / width + 0.5, y: (y - centre.y) / height + 0.5 };
}

/** The place of the sheet at a place of the field of view: undoes {@link inField}. */
export function fromField({ centre, width, height }: Region, { x, y }: Vector): Vector {
  return { x: centre.x + (x - 0.5) * width, y: centre.y + (y - 0.5) * height };
}

/** How far around silicon carbon makes room. @unit bonds */
const relaxationReach = 4;

/**
 * The atoms of a sheet within a region and a margin about it.
 *
 * Silicon pushes its neighbours out to its longer bonds; farther atoms follow, less by a factor e for
 * each bond.
 */
export function atomsOf(sheet: Sheet, region: Region): Atom[] {
  const { lattice, silicon, fourfold = [], vacancies = [] } = sheet;
  const at = (site: Site): Vector => sitePosition(lattice, site);
  const between = (site: Site): Vector => {
    const [a, b] = [at(site), at(neighbours(site)[0])];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  };
  const centres = [
    ...silicon.map((site) => ({ ...at(site), own: bondLengthAngstrom, bond: siliconBondAngstrom })),
    // the midpoint of two removed atoms lies 1.32 bonds from its four neighbours
    ...fourfold.map((site) => ({
      ...between(site),
      own: (Math.sqrt(7) / 2) * bondLengthAngstrom,
      bond: fourfoldBondAngstrom,
    })),
  ];
  const gone = new Set(
    [...silicon, ...vacancies, ...fourfold, ...fourfold.map((site) => neighbours(site)[0])].map(
      siteKey,
    ),
  );
  const carbon = sitesIn(lattice, region)
    .filter((site) => !gone.has(siteKey(site)))
    .map((site): Atom => {
      const place = at(site);
      let { x, y } = place;
      for (const centre of centres) {
        const from = minus(place, centre);
        const distance = Math.hypot(from.x, from.y);
        if (distance > relaxationReach * bondLengthAngstrom) continue;
        const beyond = (distance - centre.own) / bondLengthAngstrom;
        const push = ((centre.bond - centre.own) * Math.exp(-beyond)) / distance;
        x += push * from.x;
        y += push * from.y;
      }
      return { x, y, element: "C" };
    });
  return [...carbon, ...centres.map(({ x, y }): Atom => ({ x, y, element: "Si" }))];
}

/** Beyond the region's edge, so that atoms there still shine in. @unit angstrom */
const margin = 3;

/** The sites of a lattice in a region and a margin about it. */
export function sitesIn(lattice: Honeycomb, { centre, width, height }: Region): Site[] {
  const middle = nearestSite(lattice, centre);
  const reach = Math.hypot(width, height) / 2 + margin;
  // cells are 2.13 Å apart in either direction, and 1.42 Å of a cell's atoms from each other
  const cells = Math.ceil(reach / (1.5 * lattice.bondLengthAngstrom)) + 1;
  const sites: Site[] = [];
  for (let i = middle.i - cells; i <= middle.i + cells; i++) {
    for (let j = middle.j - cells; j <= middle.j + cells; j++) {
      for (const sublattice of ["A", "B"] as const) {
        const site = { i, j, sublattice };
        const { x, y } = minus(sitePosition(lattice, site), centre);
        if (Math.abs(x) <= width / 2 + margin && Math.abs(y) <= height / 2 + margin) {
          sites.push(site);
        }
      }
    }
  }
  return sites;
}
