import { z } from "zod";
import type { Controller, ControlState, Park } from "../control/controller.js";
import { greedy } from "../control/baselines.js";
import { planner, type Planner, type PlannerOptions } from "../control/planner.js";
import type { Polygon } from "../control/polygon.js";
import { loadRateModel } from "../learn/model-file.js";
import type { RateModel } from "../learn/rate-model.js";
import { bondLengthAngstrom, neighbourAngles } from "../model/honeycomb.js";
import { mapByName } from "../model/maps/map-by-name.js";
import type { BeamSettings, RateMap } from "../model/rate-map.js";
import { turned } from "../model/vector.js";
import { forecast, type Forecast } from "./forecast.js";

const beamSchema = z.object({
  currentNanoA: z.number().positive(),
  voltageKv: z.number().positive(),
});

/** Rates that are planned on: a learned model by the hash of its file, or a map by its name. */
const ratesSchema = z.discriminatedUnion("source", [
  z.object({ source: z.literal("model"), id: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.object({ source: z.literal("map"), name: z.string() }),
]);

/** How a session decides, as its first entry says; a replay makes the same of it. */
export const pilotSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("greedy"),
    offset: z.object({ along: z.number(), across: z.number() }),
    dwellTimeS: z.number().positive(),
  }),
  z.object({
    kind: z.literal("planner"),
    rates: ratesSchema,
    beam: beamSchema,
    imageTimeS: z.number().positive(),
    watch: z.boolean().describe("blank the beam when the detector sees silicon arrive"),
    mostDwellTimeS: z.number().positive(),
  }),
]);
/** See {@link pilotSchema}. */
export type PilotSpec = z.infer<typeof pilotSchema>;

/** What a pilot knows when it decides. */
export interface PilotState extends ControlState {
  /** Where neither silicon nor the beam may go. @unit angstrom, material frame */
  readonly keepOuts: readonly Polygon[];
}

/** A stay of the beam, with what is expected of it. */
export interface PilotPark extends Park {
  /** Shorter than the dwell where the beam is stopped on arrival. */
  readonly expectedDwellS: number;
}

/** Who decides where the beam goes, and says what is to come of it. */
export interface Pilot {
  readonly decide: (state: PilotState) => PilotPark | null;
  /** `null` for pilots that do not plan, and where there is no way. */
  readonly forecast: (state: PilotState) => Forecast | null;
  /** Why the rates do not hold here; `null` where they do, and where none are believed in. */
  readonly doubt: (state: ControlState, park: Park, beam: BeamSettings) => string | null;
}

/** Currents farther than this factor from the planned one make another rate map. */
const mostCurrentRatio = 1.2;
/** @unit kilovolt */
const mostVoltageError = 1;
/** One calibrated standard error of a rate may be this factor. */
const mostRateFactor = 2;

/**
 * Makes a session's pilot.
 *
 * @param model bytes of the rate model, where the pilot plans on one
 * @throws E_RATE_MODEL if they are not such a model
 */
export function pilotOf(spec: PilotSpec, model?: Uint8Array): Pilot {
  if (spec.kind === "greedy") return greedyPilot(greedy("greedy", spec.offset, spec.dwellTimeS));
  return planningPilot(spec, model);
}

function greedyPilot(controller: Controller): Pilot {
  return {
    decide: (state) => {
      const park = controller.decide(state);
      return park === null ? null : { ...park, expectedDwellS: park.dwellTimeS };
    },
    forecast: () => null,
    doubt: () => null,
  };
}

function planningPilot(
  { rates, beam, imageTimeS, watch, mostDwellTimeS }: PilotSpec & { kind: "planner" },
  bytes: Uint8Array | undefined,
): Pilot {
  const model = rates.source === "model" ? loadRateModel(bytes ?? new Uint8Array(0)) : undefined;
  const map: RateMap = rates.source === "map" ? mapByName(rates.name) : model!;
  const options: PlannerOptions = {
    name: watch ? "event" : "planner",
    map,
    ...(model !== undefined && { lowerBound: { name: "lower bound", rate: model.lower } }),
    beam,
    imageTimeS,
    watch,
  };
  const inTheOpen = planner(options);
  const plannerFor = ({ keepOuts }: PilotState): Planner =>
    keepOuts.length === 0 ? inTheOpen : planner({ ...options, keepOuts });
  let last: { readonly state: PilotState; readonly planner: Planner } | undefined;
  /** One state is asked about several times. */
  const plannerAt = (state: PilotState): Planner => {
    if (last?.state !== state) last = { state, planner: plannerFor(state) };
    return last.planner;
  };
  return {
    decide: (state) => {
      const at = plannerAt(state);
      const park = at.decide(state);
      const decision = at.decision(state);
      if (park === null || decision === undefined) return null;
      const dwellTimeS = Math.min(park.dwellTimeS, mostDwellTimeS);
      return {
        ...park,
        dwellTimeS,
        expectedDwellS: Math.min(decision.kernel.expectedDwellS, dwellTimeS),
      };
    },
    forecast: (state) =>
      forecast(plannerAt(state), state, { imageTimeS, currentNanoA: beam.currentNanoA }),
    doubt: (state, park, now) => {
      const ratio = now.currentNanoA / beam.currentNanoA;
      if (!(ratio <= mostCurrentRatio && ratio >= 1 / mostCurrentRatio)) {
        return `the plan is for ${beam.currentNanoA} nA; the instrument says ${now.currentNanoA}`;
      }
      if (!(Math.abs(now.voltageKv - beam.voltageKv) <= mostVoltageError)) {
        return `the plan is for ${beam.voltageKv} kV; the instrument says ${now.voltageKv}`;
      }
      return model === undefined ? null : modelDoubt(model, { state, park, beam });
    },
  };
}

/** Whether the model is uncertain of the rate to the neighbour that the beam favours. */
function modelDoubt(
  model: RateModel,
  {
    state: { lattice, silicon },
    park,
    beam,
  }: { readonly state: ControlState; readonly park: Park; readonly beam: BeamSettings },
): string | null {
  const frames = neighbourAngles(lattice, silicon.sublattice).map((angle) => {
    const { x, y } = turned(park.beamOffset, -angle);
    return [x / bondLengthAngstrom, y / bondLengthAngstrom] as const;
  });
  const [along, across] = frames.reduce((best, at) =>
    model.rate(at[0], at[1], beam) > model.rate(best[0], best[1], beam) ? at : best,
  );
  const factor = Math.exp(model.logSpread(along, across, beam));
  if (factor <= mostRateFactor) return null;
  return (
    `the model knows the rate at (${along.toFixed(2)}, ${across.toFixed(2)}) bonds ` +
    `to a factor of ${factor.toFixed(1)}; ${mostRateFactor} is the most`
  );
}
