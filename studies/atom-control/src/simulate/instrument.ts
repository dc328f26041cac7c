import { InputError } from "@quadrivium/core";
import { paperBeam, type BeamSettings } from "../model/rate-map.js";
import { measuredImageModel, type ImageModel } from "./render-frame.js";
import type { DriftModel } from "./scan.js";

/** A simulated microscope: its beam, its images and what goes wrong. */
export interface Instrument {
  readonly beam: BeamSettings;
  readonly frameTimeS: number;
  /** Side of the square field of view. @unit angstrom */
  readonly fovAngstrom: number;
  /** Side of the image. @unit pixel */
  readonly pixels: number;
  readonly image: ImageModel;
  readonly drift: DriftModel;
  /** Root mean square displacement of the scan, per axis. @unit angstrom */
  readonly scanNoiseAngstrom: number;
  /**
   * Rates while scanning over rates while parked: 0 switches hops off during the scan. At 1 the
   * prior map gives 0.0044 hops in a frame of 2 s and 20 Å; published sequences show far more.
   */
  readonly scanRateFactor: number;
  /** A constant error of the beam's place. @unit angstrom */
  readonly placementBiasAngstrom: number;
  /** Radius of a patch of contamination; 0 for a clean sheet. @unit angstrom */
  readonly contaminationAngstrom: number;
}

const calm: DriftModel = {
  speedAngstromPerMin: 1,
  memoryS: 60,
  jumpsPerMin: 0,
  jumpAngstrom: 0,
};

const paperLike: Instrument = {
  beam: paperBeam,
  frameTimeS: 2,
  fovAngstrom: 20,
  pixels: 512,
  // at 20 Å and 512 pixels a pixel collects a quarter of the counts of the measured frames' 256
  image: { ...measuredImageModel, carbonCounts: measuredImageModel.carbonCounts / 4 },
  drift: calm,
  scanNoiseAngstrom: 0.05,
  scanRateFactor: 1,
  placementBiasAngstrom: 0,
  contaminationAngstrom: 0,
};

const instruments = {
  "paper-like": paperLike,
  "low-dose": {
    ...paperLike,
    beam: { ...paperBeam, currentNanoA: 0.015 },
    pixels: 256,
    image: { ...measuredImageModel, carbonCounts: 0.2 },
  },
  hard: {
    ...paperLike,
    drift: { speedAngstromPerMin: 5, memoryS: 30, jumpsPerMin: 0.5, jumpAngstrom: 3 },
    scanNoiseAngstrom: 0.1,
    scanRateFactor: 45,
    placementBiasAngstrom: 0.2,
    contaminationAngstrom: 3,
  },
} as const satisfies { readonly [name: string]: Instrument };

/** The simulated microscopes by name. */
export type InstrumentName = keyof typeof instruments;

/**
 * A simulated microscope: `paper-like`, `low-dose` or `hard`.
 *
 * @throws E_INSTRUMENT if there is none of that name
 */
export function instrumentByName(name: string): Instrument {
  const found = (instruments as { readonly [name: string]: Instrument | undefined })[name];
  if (found !== undefined && Object.hasOwn(instruments, name)) return found;
  throw new InputError(
    "E_INSTRUMENT",
    `instrumentByName: there is no "${name}"; use ${Object.keys(instruments).join(", ")}`,
  );
}
