import { InputError } from "@quadrivium/core";
import { mapByName } from "../model/maps/map-by-name.js";
import type { RateMap } from "../model/rate-map.js";
import { simulationTruthSchema } from "./truth-file.js";

/**
 * Reads the rate map that samples were drawn from.
 *
 * @param name of the file, for errors
 * @throws E_TRUTH if the file does not name a map; E_RATE_MAP if there is no such map
 */
export function readTruth(bytes: Uint8Array, name: string): RateMap {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new InputError("E_TRUTH", `readTruth: a truth file must be JSON; ${name} is not`);
  }
  const parsed = simulationTruthSchema.pick({ map: true }).safeParse(value);
  if (!parsed.success) {
    throw new InputError(
      "E_TRUTH",
      `readTruth: a truth file must name its rate map as "map"; ${name} does not`,
    );
  }
  return mapByName(parsed.data.map);
}
