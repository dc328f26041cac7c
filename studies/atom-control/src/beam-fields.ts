import { z } from "zod";
import { paperBeam } from "./model/rate-map.js";

/** The beam's settings as flags. */
export const beamFields = {
  currentNanoA: z
    .number()
    .positive()
    .default(paperBeam.currentNanoA)
    .describe("beam current in nanoampere"),
  voltageKv: z
    .number()
    .positive()
    .max(300)
    .default(paperBeam.voltageKv)
    .describe("accelerating voltage in kilovolt"),
};
