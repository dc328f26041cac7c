import type { Vector } from "../model/vector.js";

/** Electrons in a picocoulomb. */
const electronsPerPicoC = 1e-12 / 1.602176634e-19;

/** Width of the probe over which a parked beam's charge is spread. @unit angstrom */
export const probeSigmaAngstrom = 0.45;

const cellAngstrom = 2;
const reach = 4 * probeSigmaAngstrom; // beyond it a deposit counts less than 0.04 %

/** Charge left by one parked beam. */
export interface Deposit {
  /** From the centre of the field of view, x right, y down. @unit angstrom */
  readonly place: Vector;
  readonly chargePicoC: number;
}

/** Totals of a session that limits are held against. */
export interface LedgerTotals {
  readonly frames: number;
  readonly sessionChargePicoC: number;
  /** Over the present field of view. @unit electrons per square angstrom */
  readonly fieldDose: number;
  /** The greatest charge at any place where the beam was parked. */
  readonly maxSiteChargePicoC: number;
}

/**
 * Counts what the beam has done. The server and the adapter each keep one and neither believes the
 * other's.
 *
 * A charge is entered before the beam opens, at the most it can become, and settled afterwards.
 */
export class DoseLedger {
  #frames = 0;
  #session = 0;
  #fieldDose = 0;
  #shift: Vector = { x: 0, y: 0 };
  #widestAngstrom = 0;
  #doubtAngstrom = 0;
  #cells = new Map<string, Deposit[]>();
  #maxSite = 0;

  totals(): LedgerTotals {
    return {
      frames: this.#frames,
      sessionChargePicoC: this.#session,
      fieldDose: this.#fieldDose,
      maxSiteChargePicoC: this.#maxSite,
    };
  }

  /** Enters a frame of this charge over a field of view. */
  addFrame(chargePicoC: number, fovAngstrom: number): void {
    this.#frames++;
    this.addToField(chargePicoC, fovAngstrom);
    this.#widestAngstrom = Math.max(this.#widestAngstrom, fovAngstrom);
  }

  /** Enters a charge of which nobody knows a place within the field of view. */
  addToField(chargePicoC: number, fovAngstrom: number): void {
    this.#session += chargePicoC;
    this.#fieldDose += fieldDose(chargePicoC, fovAngstrom);
  }

  /** Enters a parked beam's charge at a place. */
  addPark(deposit: Deposit, fovAngstrom: number): void {
    this.addToField(deposit.chargePicoC, fovAngstrom);
    this.#maxSite = Math.max(this.#maxSite, this.siteChargeWith(deposit));
    this.#enter(deposit);
  }

  /** Takes back what a parked beam did not use of the charge entered for it. */
  settlePark(deposit: Deposit, usedPicoC: number, fovAngstrom: number): void {
    const cell = this.#cells.get(cellKey(deposit.place));
    const index = cell?.indexOf(deposit) ?? -1;
    if (cell === undefined || index < 0 || !(usedPicoC < deposit.chargePicoC)) return;
    const unused = deposit.chargePicoC - Math.max(0, usedPicoC);
    cell[index] = { place: deposit.place, chargePicoC: deposit.chargePicoC - unused };
    this.#session -= unused;
    this.#fieldDose -= fieldDose(unused, fovAngstrom);
  }

  /**
   * The greatest charge at the place of a new deposit, or of an old one beside it, if it were
   * entered: $\sum_i q_i \exp(-d_i^2 / 2\sigma^2)$.
   */
  siteChargeWith(deposit: Deposit): number {
    const near = this.#near(deposit.place);
    let most = deposit.chargePicoC + chargeAt(near, deposit.place);
    for (const other of near) {
      const own = chargeAt(this.#near(other.place), other.place);
      most = Math.max(most, own + deposit.chargePicoC * spread(other.place, deposit.place));
    }
    return most;
  }

  /** Follows a shift; where nothing of the widest frame is left in view, a new field begins. */
  shift(by: Vector): void {
    this.#shift = { x: this.#shift.x + by.x, y: this.#shift.y + by.y };
    const deposits = [...this.#cells.values()].flat();
    this.#cells = new Map();
    for (const { place, chargePicoC } of deposits) {
      this.#enter({ place: { x: place.x - by.x, y: place.y - by.y }, chargePicoC });
    }
    const moved = greatest(this.#shift);
    if (moved < this.#widestAngstrom + this.#doubtAngstrom) return;
    this.#widestAngstrom = 0;
    this.#doubtAngstrom = 0;
    this.#shift = { x: 0, y: 0 };
    this.#fieldDose = 0;
  }

  /** Follows a shift of which nobody knows whether it was made: charges count at both places. */
  shiftInDoubt(by: Vector): void {
    this.#doubtAngstrom += greatest(by);
    for (const { place, chargePicoC } of [...this.#cells.values()].flat()) {
      this.#enter({ place: { x: place.x - by.x, y: place.y - by.y }, chargePicoC });
    }
  }

  #enter(deposit: Deposit): void {
    const key = cellKey(deposit.place);
    const cell = this.#cells.get(key);
    if (cell === undefined) this.#cells.set(key, [deposit]);
    else cell.push(deposit);
  }

  #near(place: Vector): Deposit[] {
    const near: Deposit[] = [];
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        const key = cellKey({ x: place.x + dx * cellAngstrom, y: place.y + dy * cellAngstrom });
        for (const deposit of this.#cells.get(key) ?? []) {
          if (Math.hypot(deposit.place.x - place.x, deposit.place.y - place.y) <= reach)
            near.push(deposit);
        }
      }
    }
    return near;
  }
}

/** Charge over the area of a square field. @unit electrons per square angstrom */
export function fieldDose(chargePicoC: number, fovAngstrom: number): number {
  return (chargePicoC * electronsPerPicoC) / fovAngstrom ** 2;
}

/** Charge of a current over a time. @unit picocoulomb */
export function chargePicoC(currentNanoA: number, timeS: number): number {
  return currentNanoA * timeS * 1000;
}

function greatest({ x, y }: Vector): number {
  return Math.max(Math.abs(x), Math.abs(y));
}

function chargeAt(deposits: readonly Deposit[], place: Vector): number {
  return deposits.reduce((sum, d) => sum + d.chargePicoC * spread(d.place, place), 0);
}

function spread(a: Vector, b: Vector): number {
  const squared = (a.x - b.x) ** 2 + (a.y - b.y) ** 2;
  return Math.exp(-squared / (2 * probeSigmaAngstrom ** 2));
}

function cellKey({ x, y }: Vector): string {
  return `${Math.floor(x / cellAngstrom)},${Math.floor(y / cellAngstrom)}`;
}
