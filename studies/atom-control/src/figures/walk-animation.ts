import type { Figure } from "@quadrivium/core";
import {
  bondLengthAngstrom,
  neighbours,
  sitePosition,
  siteKey,
  type Honeycomb,
  type Site,
} from "../model/honeycomb.js";
import { patchAbout } from "../model/patch.js";
import { distance, type Vector } from "../model/vector.js";
import type { ShownWalk } from "../train/result.js";

const side = 520;
const margin = 24;

/** A walk through the lattice as an animation that plays in any page, six times as fast as life. */
export function walkAnimation(
  walk: ShownWalk,
  words: Pick<Figure, "id" | "title" | "caption">,
): Figure {
  const lattice: Honeycomb = {
    origin: { x: 0, y: 0 },
    angle: walk.latticeAngle,
    bondLengthAngstrom,
  };
  const places = walk.track.map(({ site }) => sitePosition(lattice, site));
  const goal = sitePosition(lattice, walk.goal);
  const { centre, reach } = frameOf([...places, goal]);
  const scale = (side / 2 - margin) / reach;
  const show = ({ x, y }: Vector): string =>
    `${(side / 2 + scale * (x - centre.x)).toFixed(1)},${(side / 2 - scale * (y - centre.y)).toFixed(1)}`;
  const atoms = patchAbout(walk.track[0].site.sublattice, 24)
    .sites.map((site) => shifted(site, walk.track[0].site))
    .filter((site) => {
      const at = sitePosition(lattice, site);
      return Math.max(Math.abs(at.x - centre.x), Math.abs(at.y - centre.y)) <= reach;
    });
  const shown = new Set(atoms.map(siteKey));
  const bonds = atoms
    .filter(({ sublattice }) => sublattice === "A")
    .flatMap((site) =>
      neighbours(site)
        .filter((other) => shown.has(siteKey(other)))
        .map(
          (other) => `M${show(sitePosition(lattice, site))}L${show(sitePosition(lattice, other))}`,
        ),
    );
  const circle = (at: Vector, attributes: string, inner = ""): string => {
    const [x, y] = show(at).split(",");
    return `<circle cx="${x}" cy="${y}" ${attributes}>${inner}</circle>`;
  };
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${side}" role="img" aria-label="${words.title}">`,
    `<rect width="${side}" height="${side}" fill="#10131a"/>`,
    `<path d="${bonds.join("")}" stroke="#4b5568" stroke-width="2" fill="none"/>`,
    ...atoms.map((site) => circle(sitePosition(lattice, site), 'r="5" fill="#9aa5b8"')),
    circle(goal, 'r="13" fill="none" stroke="#59a14f" stroke-width="3"'),
    `<polyline points="${places.map(show).join(" ")}" fill="none" stroke="#f28e2b" stroke-width="2" stroke-dasharray="3 4"/>`,
    circle(places[0], 'r="9" fill="#f28e2b"', animation(walk, places.map(show))),
    "</svg>",
  ].join("");
  return {
    ...words,
    svg,
    data: {
      timeS: walk.track.map(({ timeS }) => timeS),
      xAngstrom: places.map(({ x }) => x),
      yAngstrom: places.map(({ y }) => y),
    },
  };
}

/** Steps of the silicon atom as the images saw it, and two seconds' rest at the end. */
function animation(walk: ShownWalk, points: readonly string[]): string {
  const total = walk.track.at(-1)!.timeS;
  const duration = total / 6 + 2;
  const keyTimes = walk.track.map(({ timeS }, n) =>
    n === 0 ? "0" : (timeS / 6 / duration).toFixed(4),
  );
  const values = (part: 0 | 1): string => points.map((point) => point.split(",")[part]).join(";");
  const common = `calcMode="discrete" keyTimes="${keyTimes.join(";")}" dur="${duration.toFixed(1)}s" repeatCount="indefinite"`;
  return (
    `<animate attributeName="cx" values="${values(0)}" ${common}/>` +
    `<animate attributeName="cy" values="${values(1)}" ${common}/>`
  );
}

function frameOf(points: readonly Vector[]): { readonly centre: Vector; readonly reach: number } {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const centre = {
    x: (Math.min(...xs) + Math.max(...xs)) / 2,
    y: (Math.min(...ys) + Math.max(...ys)) / 2,
  };
  const farthest = Math.max(...points.map((point) => distance(point, centre)));
  return { centre, reach: farthest + 2 * bondLengthAngstrom };
}

function shifted({ i, j, sublattice }: Site, by: Site): Site {
  return { i: i + by.i, j: j + by.j, sublattice };
}
