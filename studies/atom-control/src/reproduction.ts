import { judgeInOrder, type Reproduction } from "@quadrivium/config";
import { claimDefinitions } from "./claims/claims.js";
import { runPlan } from "./evidence/walks.js";
import { drawFigures } from "./figures/figures.js";

/** How the study tests its claims: simulated walks on three known maps, and on maps learned from nothing. */
export const reproduction: Reproduction = {
  plan: runPlan,
  judge: judgeInOrder(claimDefinitions),
  async *figures(_, runs, document) {
    yield* drawFigures(runs, document);
  },
};
