import { QuadriviumError } from "@quadrivium/core";
import type {
  Acquired,
  AcquireCommand,
  Description,
  InstrumentStatus,
  LoopErrorCode,
  Parked,
  ParkCommand,
  ShiftCommand,
} from "./protocol.js";

/** A command that was refused or broken off, with the reason that the protocol names. */
export class LoopError extends QuadriviumError {
  readonly reason: LoopErrorCode;
  /** The limit that was hit, where one was. */
  readonly limit: string | undefined;

  constructor(reason: LoopErrorCode, message: string, limit?: string) {
    super("E_LOOP", `${reason}: ${message}`, { details: { reason, limit: limit ?? null } });
    this.name = "LoopError";
    this.reason = reason;
    this.limit = limit;
  }
}

/** What the server may ask of the adapter beside an instrument. */
export interface Adapter {
  readonly describe: () => Promise<Description>;
  readonly status: () => Promise<InstrumentStatus>;
  /** Allows the beam to be opened by who holds the token, until a moment of the adapter's clock. */
  readonly arm: (token: string, forMs: number) => Promise<void>;
  readonly acquire: (command: AcquireCommand, token: string) => Promise<Acquired>;
  readonly park: (command: ParkCommand, token: string) => Promise<Parked>;
  readonly shift: (command: ShiftCommand, token: string) => Promise<void>;
  /** Blanks and confirms. */
  readonly blank: () => Promise<void>;
  /** Blanks at once, breaks off what runs and disarms. */
  readonly stop: () => Promise<void>;
  /** Says that the server is alive; the adapter blanks where it does not hear this. */
  readonly heartbeat: () => Promise<void>;
}

/** The least that an instrument must be able to do; the adapter's guard stands before it. */
export interface Instrument {
  readonly describe: () => Description;
  readonly status: () => InstrumentStatus;
  readonly unblank: () => void;
  readonly blank: () => void;
  /** Scans a frame with the beam open, which the guard opens and blanks; `null` once broken off. */
  readonly scan: (command: AcquireCommand) => Promise<Acquired | null>;
  /** Puts the blanked beam at a place of a frame. */
  readonly place: (command: ParkCommand) => void;
  /**
   * Watches the parked beam until the dwell has passed, the detector's level steps where that shall
   * stop it, or {@link breakOff} is called. The guard keeps its own time beside it.
   */
  readonly watch: (command: ParkCommand) => Promise<{
    readonly arrived: boolean;
    readonly trace: readonly number[];
    readonly sampleMs: number;
  }>;
  /** Ends {@link scan} and {@link watch} early. */
  readonly breakOff: () => void;
  readonly shift: (command: ShiftCommand) => Promise<void>;
}
