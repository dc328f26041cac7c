import type { Frame } from "./frame.js";

/** Fewer pixels than this on a side hold too little of a lattice. */
const smallestSide = 48;
/** More pixels at the very top than this are no longer counts: the detector was full. */
const mostSaturated = 0.02;

/**
 * What is wrong with a frame before anything is looked for in it: `null` if nothing is.
 *
 * Found are values that are not finite, constant frames, saturation, and rows or columns that are
 * constant, missing or copies of the one before.
 */
export function frameFault(frame: Frame): string | null {
  const { counts, width, height } = frame;
  if (Math.min(width, height) < smallestSide) {
    return `${width} × ${height} pixels are too few; at least ${smallestSide} on a side are needed`;
  }
  if (counts.length !== width * height) {
    return `${width} × ${height} pixels need ${width * height} values; the frame has ${counts.length}`;
  }
  const invalid = counts.reduce((n, v) => n + (Number.isFinite(v) ? 0 : 1), 0);
  if (invalid > 0) return `${invalid} pixels are not finite numbers`;
  let low = Infinity;
  let high = -Infinity;
  for (const v of counts) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (low === high) return `every pixel is ${low}: black or blanked frame`;
  return saturation(counts, { low, high }) ?? lineFault(frame);
}

function saturation(
  counts: Float32Array,
  { low, high }: { readonly low: number; readonly high: number },
): string | null {
  let atTop = 0;
  let justBelow = 0;
  for (const v of counts) {
    if (v === high) atTop++;
    else if (v >= high - 0.1 * (high - low)) justBelow++;
  }
  const share = atTop / counts.length;
  // Of Poisson counts the highest value is the rarest; a full detector piles up at the top.
  if (share < mostSaturated || atTop < 4 * justBelow + 8) return null;
  // Frames of few counts have few values, and the highest of them is no pile.
  if (high - low <= 4 && share < 0.3 && counts.every((v) => Number.isInteger(v))) return null;
  return `${(100 * share).toFixed(0)} % of the pixels are at the highest value: saturated`;
}

function lineFault(frame: Frame): string | null {
  return (
    linesFault(frame, { what: "row", along: frame.width, count: frame.height, isRow: true }) ??
    linesFault(frame, { what: "column", along: frame.height, count: frame.width, isRow: false })
  );
}

interface Lines {
  readonly what: "row" | "column";
  readonly along: number;
  readonly count: number;
  readonly isRow: boolean;
}

function linesFault({ counts, width }: Frame, { what, along, count, isRow }: Lines): string | null {
  const at = (line: number, i: number): number =>
    counts[isRow ? line * width + i : i * width + line];
  let constant = 0;
  let repeated = 0;
  let firstConstant = -1;
  let firstRepeated = -1;
  for (let line = 0; line < count; line++) {
    let isConstant = true;
    let isRepeated = line > 0;
    for (let i = 0; i < along && (isConstant || isRepeated); i++) {
      const value = at(line, i);
      if (value !== at(line, 0)) isConstant = false;
      if (line > 0 && value !== at(line - 1, i)) isRepeated = false;
    }
    if (isConstant) {
      if (constant++ === 0) firstConstant = line;
    } else if (isRepeated && repeated++ === 0) firstRepeated = line;
  }
  if (constant > 10 * emptyByChance(counts, along, count)) {
    return `${constant} of ${count} ${what}s are constant, ${what} ${firstConstant} the first: missing or blanked`;
  }
  if (repeated > 0) {
    return `${repeated} of ${count} ${what}s repeat the one before, ${what} ${firstRepeated} the first`;
  }
  return null;
}

/** How many lines of so few counts are empty by chance; next to none where there is more than that. */
function emptyByChance(counts: Float32Array, along: number, lines: number): number {
  const mean = counts.reduce((sum, v) => sum + v, 0) / counts.length;
  const expected = lines * Math.exp(-mean * along);
  const isPossible = expected > 1e-6 && counts.every((v) => Number.isInteger(v) && v >= 0);
  return isPossible ? expected + 0.5 : 0;
}
