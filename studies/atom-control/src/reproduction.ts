import type { Reproduction } from "@quadrivium/config";
import { judgeClaim } from "./claims/claim-definition.js";
import { claimDefinitions } from "./claims/claims.js";
import { runPlan } from "./evidence/walks.js";
import { drawFigures } from "./figures/figures.js";

/** How the study tests its claims: simulated walks on three known maps, and on maps learned from nothing. */
export const reproduction: Reproduction = {
  plan: runPlan,
  async *judge(tier, runs, { signal }) {
    for (const definition of claimDefinitions) {
      signal.throwIfAborted();
      yield judgeClaim(definition, tier, runs);
    }
  },
  async *figures(_, runs, document) {
    yield* drawFigures(runs, document);
  },
};
