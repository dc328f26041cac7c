import { bondLengthAngstrom } from "../model/honeycomb.js";
import { brightAtoms } from "./bright-atoms.js";
import { bondingOf } from "./coordination.js";
import type { Frame } from "./frame.js";
import { frameFault } from "./frame-faults.js";
import {
  correctionOf,
  latticeDoubt,
  qualityOf,
  siliconDoubt,
  type Findings,
} from "./frame-verdict.js";
import { findHoneycombs, type PeriodRange, type SpottedLattice } from "./honeycomb-spots.js";
import { binned, type Image } from "./image.js";
import { filtered, fitLattice, type FilteredImage } from "./lattice-fit.js";
import {
  refused,
  type ClassifiedSite,
  type ForeignAtom,
  type LocatedFrame,
  type LocatedSilicon,
} from "./located-frame.js";
import {
  binnedLattice,
  canonical,
  shapeOf,
  unbinned,
  type PlacedLattice,
} from "./placed-lattice.js";
import { nothingKnown, siteClassifier, type ClassPosterior } from "./site-classes.js";
import { leastLocalContrast, siteLevels, type SiteLevel, type SiteLevels } from "./site-levels.js";

/** What is known of a frame before it is looked at. */
export interface LocateOptions {
  /** Width of the field of view as the instrument states it; the lattice corrects it. */
  readonly fovAngstrom?: number | undefined;
}

/** Period of graphene's atomic rows over its bond. */
const rowsPerBond = 1.5;
/** Evidence of the spots that noise reaches in fewer than one frame in a thousand. */
const leastEvidence = 27;
/** The same where the scale is known to a tenth and less is searched. */
const leastEvidenceAtScale = 20;
/** cos of the triplet phase above which bright spots are not atoms of a honeycomb. */
const mostTriplet = -0.3;
/** Finer pixels are binned: atoms lose nothing and time is saved. @unit angstrom */
const finestPixelAngstrom = 0.07;
/** Maxima that are carbon with more than this probability are no bright atoms. */
const mostCarbon = 0.05;
/** Bright atoms farther than this from where silicon can sit are foreign. @unit bonds */
const mostOffBonds = 0.33;

/**
 * Finds graphene and its silicon in a frame.
 *
 * What a frame shows never makes it throw: frames that cannot be trusted come back with
 * `accepted: false`, a reason, and whatever was found nonetheless.
 *
 * @param frame any intensities, in any unit and with any offset
 */
export function locateFrame(frame: Frame, options: LocateOptions = {}): LocatedFrame {
  const fault = frameFault(frame);
  if (fault !== null) return refused(fault);
  const image: Image = { values: frame.counts, width: frame.width, height: frame.height };
  const { fovAngstrom } = options;
  const stated = fovAngstrom === undefined ? frame.pixelSizeAngstrom : fovAngstrom / frame.width;
  const found = honeycombOf(image, stated);
  return typeof found === "string" ? refused(found) : contentOf(image, found, stated);
}

interface Honeycombs {
  readonly best: PlacedLattice;
  readonly others: readonly SpottedLattice[];
}

/** The lattice near the stated scale, else at any; a text where there is none. */
function honeycombOf(image: Image, statedPixel: number | null): Honeycombs | string {
  if (statedPixel !== null && statedPixel > 0) {
    const period = (rowsPerBond * bondLengthAngstrom) / statedPixel;
    const range: PeriodRange = { shortest: 0.9 * period, longest: 1.1 * period };
    const [best, ...others] = findHoneycombs(image, range);
    if (best !== undefined && isHoneycomb(best, leastEvidenceAtScale)) {
      return { best: best.lattice, others };
    }
  }
  const [best, ...others] = findHoneycombs(image);
  if (best !== undefined && isHoneycomb(best, leastEvidence)) {
    return { best: best.lattice, others };
  }
  return best !== undefined && best.evidence > 2 * leastEvidence
    ? "a lattice, but not the bright honeycomb of graphene: inverted contrast or another crystal"
    : "no graphene lattice found: noise, contamination, or fewer than four atomic rows in view";
}

function isHoneycomb({ evidence, triplet }: SpottedLattice, least: number): boolean {
  return evidence >= least && triplet < mostTriplet;
}

function contentOf(
  image: Image,
  { best, others }: Honeycombs,
  statedPixelAngstrom: number | null,
): LocatedFrame {
  const factor = Math.max(
    1,
    Math.round((finestPixelAngstrom * shapeOf(best).bondPx) / bondLengthAngstrom),
  );
  const start = binnedLattice(best, factor);
  const view = filtered(binned(image, factor), shapeOf(start).bondPx);
  const fit = fitLattice(view, start);
  const lattice = canonical(fit.lattice);
  const levels = siteLevels(view, lattice);
  const classOf = siteClassifier(levels);
  const { silicon, foreign } = dopantsOf(view, lattice, { levels, classOf, factor });
  const sites = levels.sites.map((site) => classified(site, classOf, factor));
  const placed = unbinned(lattice, factor);
  const shape = shapeOf(placed);
  const pixelSizeAngstrom = bondLengthAngstrom / shape.bondPx;
  const covered = levels.sites.filter((site) => site.localContrast >= leastLocalContrast);
  const findings: Findings = {
    width: image.width,
    height: image.height,
    statedPixelAngstrom,
    pixelSizeAngstrom,
    bondPx: shape.bondPx,
    angle: shape.angle,
    strain: shape.shear,
    residualAngstrom: fit.residualAngstrom,
    coverage: covered.length / Math.max(1, levels.sites.length),
    brightShare: levels.brightShare,
    signalToNoise: levels.contrast / Math.sqrt(levels.emptyVariance),
    others,
    silicon,
    foreign,
  };
  const unsound = latticeDoubt(findings);
  const doubt = unsound ?? siliconDoubt(findings);
  return {
    accepted: doubt === null,
    reason: doubt ?? correctionOf(findings),
    isLatticeSound: unsound === null,
    lattice: placed,
    latticeAngleDeg: (shape.angle * 180) / Math.PI,
    pixelSizeAngstrom,
    strain: shape.shear,
    residualAngstrom: fit.residualAngstrom,
    silicon,
    foreign,
    sites,
    numAtoms: sites.filter((site) => site.posterior.carbon > 0.5).length + silicon.length,
    qualityScore: qualityOf(findings),
  };
}

interface DopantOptions {
  readonly levels: SiteLevels;
  readonly classOf: (amplitude: number) => ClassPosterior;
  readonly factor: number;
}

/** Bright atoms, told apart into silicon where silicon can sit and whatever else there is. */
function dopantsOf(
  view: FilteredImage,
  lattice: PlacedLattice,
  { levels, classOf, factor }: DopantOptions,
): { silicon: readonly LocatedSilicon[]; foreign: readonly ForeignAtom[] } {
  const silicon: LocatedSilicon[] = [];
  const foreign: ForeignAtom[] = [];
  for (const atom of brightAtoms(view, levels, shapeOf(lattice).bondPx)) {
    const posterior = classOf(atom.amplitude);
    if (posterior.carbon > mostCarbon) continue;
    const place = { xPx: unbinnedAt(atom.x, factor), yPx: unbinnedAt(atom.y, factor) };
    const bonding = bondingOf(view, lattice, atom);
    const isOff = bonding.offBonds > mostOffBonds || levels.isDirtyAt(atom);
    if (posterior.silicon <= 0.5 || isOff) {
      foreign.push(place);
      continue;
    }
    silicon.push({
      ...place,
      coordination: bonding.coordination,
      coordinationPosterior: bonding.posterior,
      sublattice: bonding.coordination === 3 ? bonding.site.sublattice : null,
      posterior: posterior.silicon,
      site: bonding.site,
    });
  }
  return { silicon, foreign };
}

function classified(
  site: SiteLevel,
  classOf: (amplitude: number) => ClassPosterior,
  factor: number,
): ClassifiedSite {
  const { i, j, sublattice, x, y } = site;
  return {
    i,
    j,
    sublattice,
    xPx: unbinnedAt(x, factor),
    yPx: unbinnedAt(y, factor),
    posterior: site.localContrast < leastLocalContrast ? nothingKnown : classOf(site.amplitude),
  };
}

function unbinnedAt(at: number, factor: number): number {
  return factor * at + (factor - 1) / 2;
}
