import type { Reproduction } from "@quadrivium/config";
import { judgeClaim } from "./claims/claim-definition.js";
import { claimDefinitions } from "./claims/claims.js";
import { walkPlan } from "./evidence/walks.js";
import { drawFigures } from "./figures/figures.js";

/** How the study tests its claims: simulated walks of every controller on three maps. */
export const reproduction: Reproduction = {
  plan: walkPlan,
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
