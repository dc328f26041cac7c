import { leastSquares, matrixOf } from "@quadrivium/numerics";
import { neighbours, type Site } from "../model/honeycomb.js";
import { distance, minus, plus, type Vector } from "../model/vector.js";
import type { FilteredImage } from "./lattice-fit.js";
import { nearestPlacedSite, placedSite, shapeOf, type PlacedLattice } from "./placed-lattice.js";

/** How silicon is bonded: in place of one carbon atom, or of two. */
export interface Bonding {
  readonly coordination: 3 | 4;
  /** Of the coordination named. */
  readonly posterior: number;
  /** The site it sits on; of fourfold silicon the nearer of the two that it replaces. */
  readonly site: Site;
  /** From the place that the lattice has for this bonding. @unit bonds */
  readonly offBonds: number;
}

/** Deviation of silicon from its ideal place: the lattice's own error and relaxation. @unit bonds */
const placeSd = 0.11;
/** Fourfold silicon among silicon, before it is looked at. */
const fourfoldPrior = 0.15;
/** Carbon's distance from threefold and fourfold silicon. @unit bonds */
const bondToThreefold = 1.62 / 1.42;
const bondToFourfold = 1.86 / 1.42;
/** The patch compared reaches this far from silicon. @unit bonds */
const patchBonds = 1.9;
/** Evidence of the patch beyond this is not believed: the model is simpler than the sheet. */
const mostEvidence = 6;
/** A patch cut by the border to less than this says nothing. */
const fewestPixels = 40;

interface Hypothesis {
  readonly place: Vector;
  readonly carbon: readonly Vector[];
}

/**
 * Threefold or fourfold, by where silicon lies and by which carbon atoms are missing around it.
 *
 * Threefold silicon sits on a site, 1.62 Å from three neighbours; fourfold silicon in the middle of
 * a bond whose two atoms are gone, 1.86 Å from four.
 *
 * @source Section 3 of Susi et al. 2014, PRL 113, 115501, for the two bondings
 */
export function bondingOf(image: FilteredImage, lattice: PlacedLattice, silicon: Vector): Bonding {
  const { bondPx } = shapeOf(lattice);
  const { site } = nearestPlacedSite(lattice, silicon);
  const here = placedSite(lattice, site);
  const partners = neighbours(site).map((partner) => ({
    site: partner,
    middle: middleOf(here, placedSite(lattice, partner)),
  }));
  const partner = partners.reduce((best, next) =>
    distance(next.middle, silicon) < distance(best.middle, silicon) ? next : best,
  );
  const threefold = hypothesis(lattice, silicon, { place: here, replaced: [site], bondPx });
  const fourfold = hypothesis(lattice, silicon, {
    place: partner.middle,
    replaced: [site, partner.site],
    bondPx,
  });
  const byPlace = (place: Vector): number =>
    -0.5 * (distance(place, silicon) / (placeSd * bondPx)) ** 2;
  const evidence = patchEvidence(image, silicon, {
    against: threefold.carbon,
    for: fourfold.carbon,
    bondPx,
  });
  const logOdds =
    Math.log(fourfoldPrior / (1 - fourfoldPrior)) +
    Math.max(-12, Math.min(12, byPlace(fourfold.place) - byPlace(threefold.place))) +
    Math.max(-mostEvidence, Math.min(mostEvidence, evidence));
  const isFourfold = logOdds > 0;
  const place = isFourfold ? fourfold.place : threefold.place;
  return {
    coordination: isFourfold ? 4 : 3,
    posterior: 1 / (1 + Math.exp(-Math.abs(logOdds))),
    site,
    offBonds: distance(place, silicon) / bondPx,
  };
}

function middleOf(a: Vector, b: Vector): Vector {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

/** Carbon around silicon that replaces these sites: its neighbours pushed out, the rest in place. */
function hypothesis(
  lattice: PlacedLattice,
  silicon: Vector,
  options: { readonly place: Vector; readonly replaced: readonly Site[]; readonly bondPx: number },
): Hypothesis {
  const { place, replaced, bondPx } = options;
  const isReplaced = (site: Site): boolean =>
    replaced.some(
      (gone) => gone.i === site.i && gone.j === site.j && gone.sublattice === site.sublattice,
    );
  const bonded = replaced.flatMap((site) => neighbours(site)).filter((site) => !isReplaced(site));
  const beyond = bonded.flatMap((site) => neighbours(site)).filter((site) => !isReplaced(site));
  const length = (replaced.length === 1 ? bondToThreefold : bondToFourfold) * bondPx;
  const pushed = bonded.map((site) => {
    const away = minus(placedSite(lattice, site), place);
    const scale = length / Math.hypot(away.x, away.y);
    return plus(silicon, { x: away.x * scale, y: away.y * scale });
  });
  return { place, carbon: [...pushed, ...beyond.map((site) => placedSite(lattice, site))] };
}

/** Log-likelihood ratio of two sets of carbon atoms around silicon, heights fitted for each. */
function patchEvidence(
  { raw, sigmaPx }: FilteredImage,
  silicon: Vector,
  options: {
    readonly for: readonly Vector[];
    readonly against: readonly Vector[];
    readonly bondPx: number;
  },
): number {
  const reach = patchBonds * options.bondPx;
  const siliconSigma = 1.12 * sigmaPx;
  const profile = (away: number, sigma: number): number =>
    Math.exp(-(away * away) / (2 * sigma * sigma));
  const values: number[] = [];
  const designs: { readonly [which in "for" | "against"]: number[][] } = { for: [], against: [] };
  for (let y = Math.max(0, Math.ceil(silicon.y - reach)); y <= silicon.y + reach; y++) {
    for (let x = Math.max(0, Math.ceil(silicon.x - reach)); x <= silicon.x + reach; x++) {
      const away = Math.hypot(x - silicon.x, y - silicon.y);
      if (x >= raw.width || y >= raw.height || away > reach) continue;
      // silicon's own counting noise would drown its neighbours'
      const weight = 1 / Math.sqrt(1 + 4 * profile(away, siliconSigma));
      values.push(weight * raw.values[y * raw.width + x]);
      for (const which of ["for", "against"] as const) {
        const carbon = options[which].reduce(
          (sum, atom) => sum + profile(Math.hypot(x - atom.x, y - atom.y), sigmaPx),
          0,
        );
        designs[which].push([weight, weight * carbon, weight * profile(away, siliconSigma)]);
      }
    }
  }
  if (values.length < fewestPixels) return 0;
  const residual = (which: "for" | "against"): number =>
    leastSquares(matrixOf(designs[which]), values).residualSumOfSquares;
  const [favoured, opposed] = [residual("for"), residual("against")];
  const variance = Math.min(favoured, opposed) / (values.length - 3);
  return (opposed - favoured) / (2 * variance);
}
