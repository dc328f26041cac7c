import {
  decodeProto,
  encodeProto,
  readTfRecords,
  writeTfRecords,
  type ProtoMessage,
} from "@quadrivium/io";
import { transitionSchema, type Transition } from "../data/transition.js";
import { bondLengthAngstrom, sameSite, sitePosition, type Honeycomb } from "../model/honeycomb.js";
import { direction } from "../model/vector.js";
import { inField, sitesIn, type Region } from "../simulate/sheet.js";
import { duneControl, duneField, duneGrid } from "./dune-sessions.js";
import { duneMessages } from "./putting-dune.js";

/**
 * A `Transition` with the sample itself as one more field, which readers of the reference project
 * pass over: what its own fields cannot hold (posteriors, propensities, 64 bits) is not lost.
 */
const message: ProtoMessage = {
  name: "Transition",
  fields: { ...duneMessages.transition.fields, sample: { number: 1000, kind: "text" } },
};

/** Width of the sheet that is written about silicon. @unit angstrom */
const fieldAngstrom = 20;

/**
 * Writes samples as `Transition` records: a perfect honeycomb about silicon, before and after, and the
 * beam between; silicon after is where it most probably is.
 */
export function writeDuneTransitions(transitions: readonly Transition[]): Uint8Array {
  return writeTfRecords(
    transitions.map((transition) => {
      const region: Region = {
        centre: { x: 0, y: 0 },
        width: fieldAngstrom,
        height: fieldAngstrom,
      };
      const { beamXAngstrom: x, beamYAngstrom: y } = transition;
      return encodeProto(message, {
        gridBefore: duneGrid(atomsOf(transition, "before", region), region),
        gridAfter: duneGrid(atomsOf(transition, "after", region), region),
        fovBefore: duneField(region),
        fovAfter: duneField(region),
        controls: [duneControl({ x, y, ...transition }, region)],
        sample: JSON.stringify(transition),
      });
    }),
  );
}

/**
 * The samples that {@link writeDuneTransitions} put into records, bit by bit as they were; `null`
 * where the file was not written by it.
 *
 * @throws E_TFRECORD, E_PROTO if the file is damaged
 */
export function readDuneSamples(bytes: Uint8Array): Transition[] | null {
  const only = { ...message, fields: { sample: message.fields.sample } };
  const texts = readTfRecords(bytes).map((record) => decodeProto(only, record).sample);
  if (!texts.every((text) => typeof text === "string")) return null;
  return texts.map((text) => transitionSchema.parse(JSON.parse(text)));
}

function atomsOf(
  { latticeAngle, sublattice, after }: Transition,
  when: "before" | "after",
  region: Region,
) {
  const home = { i: 0, j: 0, sublattice };
  const [likely] = after.toSorted((a, b) => b.probability - a.probability);
  const silicon = when === "before" ? home : likely;
  const first = direction(latticeAngle);
  const a = bondLengthAngstrom;
  const lattice: Honeycomb = {
    // silicon's first site is the origin
    origin: sublattice === "A" ? { x: 0, y: 0 } : { x: -a * first.x, y: -a * first.y },
    angle: latticeAngle,
    bondLengthAngstrom: a,
  };
  return sitesIn(lattice, region)
    .map((site) => ({
      ...sitePosition(lattice, site),
      atomicNumber: sameSite(site, silicon) ? 14 : 6,
    }))
    .filter((atom) => {
      const { x, y } = inField(region, atom);
      return x >= 0 && x <= 1 && y >= 0 && y <= 1;
    });
}
