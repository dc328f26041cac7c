import { InputError } from "@quadrivium/core";
import type { RateMap } from "../rate-map.js";
import { asymmetricMap, farMap, priorMap, simpleMap } from "./fixed-maps.js";
import { physicsMap } from "./physics-map.js";
import { randomMap } from "./random-map.js";

/** What {@link mapByName} understands, for help and errors. */
export const mapNames = "prior, simple, far, random:SEED, physics or asymmetric";

/**
 * The rate map of a name: `prior`, `simple`, `far`, `random:SEED`, `physics` or `asymmetric`.
 *
 * @throws E_RATE_MAP if there is no such map
 */
export function mapByName(name: string): RateMap {
  switch (name) {
    case "prior":
      return priorMap;
    case "simple":
      return simpleMap;
    case "far":
      return farMap;
    case "asymmetric":
      return asymmetricMap;
    case "physics":
      return physicsMap();
    default:
      return randomMap(seedOf(name));
  }
}

function seedOf(name: string): number {
  const digits = /^random:(\d+)$/.exec(name)?.[1];
  const seed = Number(digits);
  if (digits === undefined || !Number.isSafeInteger(seed)) {
    throw new InputError(
      "E_RATE_MAP",
      `mapByName: there is no rate map "${name}"; use ${mapNames}`,
    );
  }
  return seed;
}
