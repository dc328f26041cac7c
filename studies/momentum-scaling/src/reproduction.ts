import { judgeInOrder, type Reproduction } from "@quadrivium/config";
import { claimDefinitions } from "./claims/claims.js";
import { simulationPlan } from "./evidence/simulated.js";
import { textPlan } from "./evidence/text-runs.js";
import { drawFigures } from "./figures/figures.js";

/** How the study tests its paper: a few simulations, language models, and the exact theory. */
export const reproduction: Reproduction = {
  plan: (tier) => [...simulationPlan(tier), ...textPlan(tier)],
  judge: judgeInOrder(claimDefinitions),
  async *figures(tier, runs, document) {
    yield* drawFigures(tier, runs, document);
  },
};
