import type { SpottedLattice } from "./honeycomb-spots.js";
import type { LocatedFrame, LocatedSilicon } from "./located-frame.js";
import { shapeOf } from "./placed-lattice.js";

/** What the verdict on a frame rests on. */
export interface Findings extends Pick<
  LocatedFrame,
  "silicon" | "foreign" | "strain" | "residualAngstrom" | "pixelSizeAngstrom"
> {
  readonly width: number;
  readonly height: number;
  readonly statedPixelAngstrom: number | null;
  readonly bondPx: number;
  readonly angle: number;
  /** Share of the sites around which there is graphene. */
  readonly coverage: number;
  /** Share of the hexagons that are much brighter than the typical one. */
  readonly brightShare: number;
  /** Carbon's amplitude over the noise. */
  readonly signalToNoise: number;
  /** Other honeycombs among the Fourier spots. */
  readonly others: readonly SpottedLattice[];
}

/** Stated pixel sizes are corrected within this; a larger error is a wrong calibration. */
const mostCalibrationError = 0.1;
/** Corrections smaller than this are not worth a word. */
const leastCorrection = 0.01;
const leastCoverage = 0.75;
const mostResidualAngstrom = 0.3;
const mostBrightShare = 0.12;
const mostStrain = 0.08;
const leastSiliconPosterior = 0.99;
/** Silicon nearer to the border than this may miss neighbours. @unit bonds */
const borderBonds = 0.5;
/** A second lattice of another orientation needs this evidence. */
const secondLatticeEvidence = 45;

/** Why the lattice cannot be trusted; `null` where it can. The most telling reason comes first. */
export function latticeDoubt(findings: Findings): string | null {
  const { brightShare, coverage, pixelSizeAngstrom, statedPixelAngstrom, strain } = findings;
  const residual = findings.residualAngstrom ?? Infinity;
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  const second = secondOrientation(findings);
  if (second !== null) return second;
  if (statedPixelAngstrom !== null && pixelSizeAngstrom !== null) {
    const error = pixelSizeAngstrom / statedPixelAngstrom - 1;
    if (Math.abs(error) > mostCalibrationError) {
      return (
        `wrong field of view: the lattice says ${pixelSizeAngstrom.toFixed(4)} Å a pixel, ` +
        `${statedPixelAngstrom.toFixed(4)} Å was stated`
      );
    }
  }
  if (brightShare > mostBrightShare) {
    return `contamination: ${percent(brightShare)} of the hexagons are brighter than an atom`;
  }
  if (coverage < leastCoverage) {
    return `the lattice covers only ${percent(coverage)} of the frame: contamination, a hole or a grain boundary`;
  }
  if (strain !== null && strain > mostStrain) {
    return `the lattice is sheared by ${percent(strain)}: drift or scan distortion`;
  }
  if (residual > mostResidualAngstrom) {
    return `atoms lie ${residual.toFixed(2)} Å off the fitted lattice: distortion or defects`;
  }
  return null;
}

function secondOrientation({ others, angle, bondPx }: Findings): string | null {
  const sixth = Math.PI / 3;
  for (const { evidence, lattice, triplet } of others) {
    const shape = shapeOf(lattice);
    const turn = Math.abs(shape.angle - angle) % sixth;
    const apart = Math.min(turn, sixth - turn);
    const sameScale = Math.abs(shape.bondPx / bondPx - 1) < 0.08;
    if (evidence < secondLatticeEvidence || triplet > 0 || !sameScale || apart < 0.035) continue;
    const degrees = (radians: number): string =>
      `${((((radians % sixth) + sixth) % sixth) * (180 / Math.PI)).toFixed(0)}°`;
    return `grain boundary: two lattices, at ${degrees(angle)} and ${degrees(shape.angle)}`;
  }
  return null;
}

/** Why silicon must not be acted upon, the lattice being sound; `null` where it may. */
export function siliconDoubt({ silicon, foreign, bondPx, width, height }: Findings): string | null {
  if (silicon.length === 0) {
    return foreign.length === 0
      ? "no silicon in the frame"
      : `no silicon on the lattice; ${foreign.length} bright atoms elsewhere or of another kind`;
  }
  if (silicon.length > 1) {
    return `${silicon.length} silicon atoms; exactly one can be steered`;
  }
  const [only] = silicon;
  if (only.posterior < leastSiliconPosterior) {
    return `silicon is not certain: posterior ${only.posterior.toFixed(3)}`;
  }
  const margin = Math.min(only.xPx, only.yPx, width - 1 - only.xPx, height - 1 - only.yPx);
  if (margin < borderBonds * bondPx) return "silicon lies at the frame's border";
  if (foreign.length > 0) {
    return `${foreign.length} bright atoms beside silicon, off the lattice or of another kind`;
  }
  return null;
}

/** What was corrected in a frame that is accepted. */
export function correctionOf({
  pixelSizeAngstrom,
  statedPixelAngstrom,
}: Pick<Findings, "pixelSizeAngstrom" | "statedPixelAngstrom">): string | null {
  if (pixelSizeAngstrom === null || statedPixelAngstrom === null) return null;
  const error = pixelSizeAngstrom / statedPixelAngstrom - 1;
  if (Math.abs(error) < leastCorrection) return null;
  const percent = `${error > 0 ? "+" : "−"}${Math.abs(100 * error).toFixed(1)} %`;
  return `field of view corrected by ${percent} from the lattice`;
}

/**
 * From 0 to 1, and 0 where carbon does not stand out: the share of graphene in view, times how far atoms stand out of the noise, times how
 * well they keep to the lattice, times the certainty of the least certain silicon atom.
 */
export function qualityOf(findings: Findings): number {
  const { brightShare, coverage, signalToNoise, residualAngstrom, silicon } = findings;
  if (!(signalToNoise > 0)) return 0;
  const visible = 1 - Math.exp(-((signalToNoise / 2) ** 2));
  const straight = Math.exp(-(((residualAngstrom ?? Infinity) / mostResidualAngstrom) ** 2));
  const clean = 1 - Math.min(1, brightShare);
  return coverage * visible * straight * clean * leastPosterior(silicon);
}

function leastPosterior(silicon: readonly LocatedSilicon[]): number {
  return silicon.reduce((least, atom) => Math.min(least, atom.posterior), 1);
}
