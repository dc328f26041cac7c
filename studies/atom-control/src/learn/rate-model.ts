import type { BeamSettings, RateMap } from "../model/rate-map.js";
import type { PlainMembers } from "./plain-network.js";

/** What rates are relative to, and how beam settings enter a model. */
export interface BeamReference {
  readonly currentNanoA: number;
  readonly voltageKv: number;
  /** Whether rates are taken to be proportional to the current, before anything is learned. */
  readonly linearInCurrent: boolean;
}

/** How wide a model's bands are. */
export interface BandCalibration {
  /** Standard errors of a rate's logarithm are this many times the spread of the members. */
  readonly inflation: number;
  /** Rates below it cannot be told from 0: one hop in all of the data's time. @unit per second */
  readonly resolutionPerS: number;
}

/** Facts about a model that its file keeps. */
export interface RateModelInfo {
  readonly reference: BeamReference;
  readonly band: BandCalibration;
  /** Share of labels that the fit takes to be wrong. */
  readonly noiseShare: number;
  /** Where the rate is greatest, one standard error subtracted, in the area that was measured. @unit bonds */
  readonly bestOffset: { readonly along: number; readonly across: number };
  /** About the fit: likelihood, seed, samples, held-out loss. */
  readonly training: { readonly [name: string]: number | string | boolean };
}

/**
 * A learned rate map: the mean of an ensemble, with its 5 % and 95 % bounds.
 *
 * `rate` is the mean over the members. The bounds are those of a log-normal distribution with the
 * members' mean logarithm and their spread times the calibrated inflation.
 */
export interface RateModel extends RateMap {
  readonly info: RateModelInfo;
  readonly numMembers: number;
  /** As in `info`. */
  readonly bestOffset: RateModelInfo["bestOffset"];
  /** 5 % bound. @unit hops per second */
  readonly lower: RateMap["rate"];
  /** 95 % bound. @unit hops per second */
  readonly upper: RateMap["rate"];
  /** One standard error below the centre: for choosing where to park. @unit hops per second */
  readonly cautious: RateMap["rate"];
  /** Epistemic uncertainty: calibrated standard error of the rate's logarithm. */
  readonly logSpread: RateMap["rate"];
  /** Each member alone, for Thompson sampling. */
  readonly members: readonly RateMap[];
}

/** 95 % quantile of the standard normal distribution. */
const z95 = 1.6448536269514722;

/**
 * How a beam enters a model: what multiplies its rates, and the settings that the network sees.
 */
export function relativeBeam(
  { currentNanoA, voltageKv }: BeamSettings,
  reference: BeamReference,
): { readonly factor: number; readonly settings: readonly [number, number] } {
  const ratio = currentNanoA / reference.currentNanoA;
  return {
    factor: reference.linearInCurrent ? ratio : 1,
    settings: [Math.log(ratio), (voltageKv - reference.voltageKv) / 20],
  };
}

/** Makes a rate map with bands of evaluated members. */
export function rateModel(
  evaluate: PlainMembers,
  numMembers: number,
  info: RateModelInfo,
): RateModel {
  const rates = new Float64Array(numMembers);
  const fill = (along: number, across: number, beam: BeamSettings): number => {
    const { factor, settings } = relativeBeam(beam, info.reference);
    evaluate(along, across, settings, rates);
    return factor;
  };
  const mean = (along: number, across: number, beam: BeamSettings): number => {
    const factor = fill(along, across, beam);
    let sum = 0;
    for (const rate of rates) sum += rate;
    return (factor * sum) / numMembers;
  };
  const { inflation, resolutionPerS } = info.band;
  const log = (along: number, across: number, beam: BeamSettings) => {
    const factor = fill(along, across, beam);
    const logs = Array.from(rates, (rate) => Math.log(factor * rate));
    const centre = logs.reduce((sum, value) => sum + value, 0) / numMembers;
    const squares = logs.reduce((sum, value) => sum + (value - centre) ** 2, 0);
    return { centre, spread: inflation * Math.sqrt(squares / Math.max(1, numMembers - 1)) };
  };
  return {
    name: "learned",
    info,
    numMembers,
    bestOffset: info.bestOffset,
    rate: mean,
    lower: (along, across, beam) => {
      const { centre, spread } = log(along, across, beam);
      return Math.max(0, Math.exp(centre - z95 * spread) - resolutionPerS);
    },
    upper: (along, across, beam) => {
      const { centre, spread } = log(along, across, beam);
      return Math.exp(centre + z95 * spread) + resolutionPerS;
    },
    cautious: (along, across, beam) => {
      const { centre, spread } = log(along, across, beam);
      return Math.exp(centre - spread);
    },
    logSpread: (along, across, beam) => log(along, across, beam).spread,
    members: Array.from({ length: numMembers }, (_, member) => ({
      name: `learned/${member}`,
      rate: (along: number, across: number, beam: BeamSettings) =>
        fill(along, across, beam) * rates[member],
    })),
  };
}
