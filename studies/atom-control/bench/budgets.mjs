/**
 * Absolute budgets of planning, walking and looking, in processor time of one process; run by
 * `npm run bench -- budgets --only atom-control`.
 */
import {
  actionKernelsOf,
  controllerByName,
  cusum,
  drawTask,
  mapByName,
  measuredImageModel,
  openRateModel,
  planner,
  walks,
} from "@quadrivium/atom-control";
