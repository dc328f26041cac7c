import { portableExp } from "@quadrivium/core";
import { bondLengthAngstrom } from "../honeycomb.js";
import { paperBeam, type BeamSettings, type RateMap } from "../rate-map.js";
import { priorPeakRatePerS } from "./fixed-maps.js";
import { grapheneCarbon, knockOnCrossSection } from "./knock-on.js";

/** A bond inverts where carbon receives more than this … @unit electronvolt */
export const inversionThresholdEv = 15;
/** … but less than what throws it out, next to silicon. @unit electronvolt */
export const ejectionThresholdEv = 16.9;

/** The probe: a Gaussian core, and a wide Gaussian that holds the rest of the current. */
const probe = { coreSigmaAngstrom: 0.45, tailSigmaAngstrom: 1.3, tailShare: 0.15 };

/** Cross-section for turning a bond over. @unit barn */
export function inversionCrossSection(voltageKv: number): number {
  const above = (thresholdEv: number): number =>
    knockOnCrossSection(grapheneCarbon, { voltageKv, thresholdEv });
  return above(inversionThresholdEv) - above(ejectionThresholdEv);
}

/** Share of the beam's current that falls on an area about a point. @unit per Å² */
function currentDensity(distanceAngstrom: number): number {
  const { coreSigmaAngstrom, tailSigmaAngstrom, tailShare } = probe;
  const bump = (sigma: number): number =>
    portableExp(-0.5 * (distanceAngstrom / sigma) ** 2) / (2 * Math.PI * sigma ** 2);
  return (1 - tailShare) * bump(coreSigmaAngstrom) + tailShare * bump(tailSigmaAngstrom);
}

/**
 * A map from the mechanism: an electron scattered back by a neighbour kicks it below silicon, and
 * the two change places.
 *
 * The rate is proportional to the current density at the neighbour and to the cross-section of
 * transfers between the inversion and the ejection threshold: linear in current, steep in voltage.
 * Theory gives no absolute rate (a tenth of an electronvolt in the lower threshold moves it
 * severalfold), so at 60 kV and 0.1 nA the peak is set to that of the human prior.
 *
 * @source Susi et al. 2014, PRL 113, 115501, for the mechanism
 */
export function physicsMap(): RateMap {
  const crossSections = new Map<number, number>();
  const crossSection = (voltageKv: number): number => {
    const known = crossSections.get(voltageKv);
    if (known !== undefined) return known;
    const value = inversionCrossSection(voltageKv);
    crossSections.set(voltageKv, value);
    return value;
  };
  const strength = ({ currentNanoA, voltageKv }: BeamSettings): number =>
    currentNanoA * crossSection(voltageKv);
  const scale = priorPeakRatePerS / (strength(paperBeam) * currentDensity(0));
  return {
    name: "physics",
    rate: (along, across, beam) => {
      const distance = bondLengthAngstrom * Math.sqrt((along - 1) ** 2 + across ** 2);
      return scale * strength(beam) * currentDensity(distance);
    },
  };
}
