import { above, below, isInside, type Limits, type Violation } from "./limits.js";
import { chargePicoC, type Deposit, type DoseLedger, fieldDose } from "./ledger.js";
import type { Acquired, AcquireCommand, InstrumentStatus, ParkCommand } from "./protocol.js";

/** A frame that positions can refer to. */
export interface KnownFrame {
  readonly frameId: string;
  readonly px: number;
  readonly fovAngstrom: number;
  readonly endMs: number;
}

/** Time that a frame takes, with a tenth more for the beam's way back. @unit second */
export function frameTimeS({
  px,
  pixelTimeUs,
}: Pick<AcquireCommand, "px" | "pixelTimeUs">): number {
  return px * px * pixelTimeUs * 1.1e-6;
}

/** Checks the instrument itself: nothing may open the beam outside of these. */
export function checkStatus(limits: Limits, status: InstrumentStatus): Violation | undefined {
  if (!status.isReady) return { limit: "isReady", message: "isReady: the instrument is not ready" };
  return (
    below("minVoltageKv", status.voltageKv, limits.minVoltageKv) ??
    above("maxVoltageKv", status.voltageKv, limits.maxVoltageKv) ??
    below("minCurrentNanoA", status.currentNanoA, 0) ??
    above("maxCurrentNanoA", status.currentNanoA, limits.maxCurrentNanoA)
  );
}

/** Fields of view may be this much larger or smaller than they were asked for. */
const fovTolerance = 0.1;

/** Why a frame cannot be the one that was asked for, in a sentence; `undefined` where it can. */
export function frameFault(
  { frameId, px, fovAngstrom }: Acquired,
  asked: AcquireCommand,
  earlier: readonly KnownFrame[],
): string | undefined {
  const isAsAsked =
    px === asked.px && Math.abs(fovAngstrom / asked.fovAngstrom - 1) <= fovTolerance;
  if (!isAsAsked) {
    return (
      `the frame is not as asked, ${asked.px} pixels and ${asked.fovAngstrom} Å: ` +
      `it has ${px} pixels and ${fovAngstrom} Å`
    );
  }
  const isRepeated = earlier.some((frame) => frame.frameId === frameId);
  return isRepeated ? `the frame "${frameId}" is an earlier one again` : undefined;
}

/** Checks a frame against the limits and what is left of the budgets. */
export function checkAcquire(
  limits: Limits,
  ledger: DoseLedger,
  { command, currentNanoA }: { readonly command: AcquireCommand; readonly currentNanoA: number },
): Violation | undefined {
  const timeS = frameTimeS(command);
  const charge = chargePicoC(currentNanoA, timeS);
  const totals = ledger.totals();
  return (
    above("maxFrames", totals.frames + 1, limits.maxFrames) ??
    below("minFovAngstrom", command.fovAngstrom, limits.minFovAngstrom) ??
    above("maxFrameTimeS", timeS, limits.maxFrameTimeS) ??
    checkBudgets(limits, ledger, { chargePicoC: charge, fovAngstrom: command.fovAngstrom })
  );
}

/** Where a parked beam stands, from the centre of the field of view. @unit angstrom */
export function placeOf(
  frame: KnownFrame,
  { xPx, yPx }: { readonly xPx: number; readonly yPx: number },
): { readonly x: number; readonly y: number } {
  const pixel = frame.fovAngstrom / frame.px;
  const half = frame.fovAngstrom / 2;
  return { x: (xPx + 0.5) * pixel - half, y: (yPx + 0.5) * pixel - half };
}

/** Checks a parked beam against the limits and what is left of the budgets. */
export function checkPark(
  limits: Limits,
  ledger: DoseLedger,
  options: {
    readonly command: ParkCommand;
    readonly frame: KnownFrame;
    readonly currentNanoA: number;
  },
): Violation | undefined {
  const { command, frame, currentNanoA } = options;
  const place = placeOf(frame, command);
  const fraction = { x: place.x / frame.fovAngstrom + 0.5, y: place.y / frame.fovAngstrom + 0.5 };
  const margin = limits.edgeMarginFraction;
  const inner = Math.min(fraction.x, fraction.y, 1 - fraction.x, 1 - fraction.y);
  const kept = limits.keepOut.findIndex((polygon) => isInside(polygon, fraction));
  if (kept >= 0) {
    return { limit: "keepOut", message: `keepOut: the beam would stand in keep-out area ${kept}` };
  }
  const nearest = Math.min(
    ...command.avoid.map((defect) => {
      const other = placeOf(frame, defect);
      return Math.hypot(other.x - place.x, other.y - place.y);
    }),
  );
  const deposit: Deposit = { place, chargePicoC: chargePicoC(currentNanoA, command.dwellTimeS) };
  return (
    above("maxDwellTimeS", command.dwellTimeS, limits.maxDwellTimeS) ??
    below("edgeMarginFraction", inner, margin) ??
    below("minDefectDistanceAngstrom", nearest, limits.minDefectDistanceAngstrom) ??
    above("maxChargePerSitePicoC", ledger.siteChargeWith(deposit), limits.maxChargePerSitePicoC) ??
    checkBudgets(limits, ledger, {
      chargePicoC: deposit.chargePicoC,
      fovAngstrom: frame.fovAngstrom,
    })
  );
}

/** Checks what is left of the charges and the dose. */
export function checkBudgets(
  limits: Limits,
  ledger: DoseLedger,
  more: { readonly chargePicoC: number; readonly fovAngstrom: number },
): Violation | undefined {
  const totals = ledger.totals();
  const dose = totals.fieldDose + fieldDose(more.chargePicoC, more.fovAngstrom);
  return (
    above("maxFieldDose", dose, limits.maxFieldDose) ??
    above(
      "maxSessionChargePicoC",
      totals.sessionChargePicoC + more.chargePicoC,
      limits.maxSessionChargePicoC,
    )
  );
}
