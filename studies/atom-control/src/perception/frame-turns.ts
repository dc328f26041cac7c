import type { Vector } from "../model/vector.js";
import { canonical, type PlacedLattice } from "./placed-lattice.js";
import type { TrackedFrame } from "./registration.js";

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Turn {
  readonly name: string;
  readonly isMirrored: boolean;
  readonly map: (v: Vector, size: Size) => Vector;
}

/** The ways a square frame can be turned or mirrored, itself left out. */
const turns: readonly Turn[] = [
  {
    name: "turned by 180°",
    isMirrored: false,
    map: ({ x, y }, { width, height }) => ({ x: width - 1 - x, y: height - 1 - y }),
  },
  { name: "transposed", isMirrored: true, map: ({ x, y }) => ({ x: y, y: x }) },
  {
    name: "transposed and turned by 180°",
    isMirrored: true,
    map: ({ x, y }, { width, height }) => ({ x: height - 1 - y, y: width - 1 - x }),
  },
  {
    name: "mirrored left to right",
    isMirrored: true,
    map: ({ x, y }, { width }) => ({ x: width - 1 - x, y }),
  },
  {
    name: "mirrored top to bottom",
    isMirrored: true,
    map: ({ x, y }, { height }) => ({ x, y: height - 1 - y }),
  },
  {
    name: "turned by 90°",
    isMirrored: false,
    map: ({ x, y }, { height }) => ({ x: height - 1 - y, y: x }),
  },
  {
    name: "turned by −90°",
    isMirrored: false,
    map: ({ x, y }, { width }) => ({ x: y, y: width - 1 - x }),
  },
];

/** A frame's content as it would be, were the frame turned or mirrored back. */
export function otherWayRound(
  frame: TrackedFrame,
  size: Size,
): readonly { readonly name: string; readonly frame: TrackedFrame }[] {
  return turns.map(({ name, isMirrored, map }) => ({
    name,
    frame: {
      ...frame,
      lattice: mappedLattice(frame.lattice, (v) => map(v, size), isMirrored),
      silicon: map(frame.silicon, size),
      anchors: frame.anchors.map((anchor) => map(anchor, size)),
    },
  }));
}

function mappedLattice(
  { origin, cellI, cellJ }: PlacedLattice,
  map: (v: Vector) => Vector,
  isMirrored: boolean,
): PlacedLattice {
  const at = map(origin);
  const turned = (cell: Vector): Vector => {
    const to = map({ x: origin.x + cell.x, y: origin.y + cell.y });
    return { x: to.x - at.x, y: to.y - at.y };
  };
  // a mirror image turns the cells' sense: their names are swapped to keep it
  const [first, second] = isMirrored ? [cellJ, cellI] : [cellI, cellJ];
  return canonical({ origin: at, cellI: turned(first), cellJ: turned(second) });
}
