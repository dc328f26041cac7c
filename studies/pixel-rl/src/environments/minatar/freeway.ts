import type { Json, Stream } from "@quadrivium/core";
import { action, boardSize, clamp, drawBetween, type Game } from "./game.js";
import type { MersenneTwister } from "./mersenne-twister.js";

const numCars = 8;
const chickenX = 4;
const startRow = boardSize - 1;
const moveCooldown = 3;
const clockStart = 2500;
const numChannels = 7;

/** What levels differ in: frames between two moves of a car, and the share of cars to the left. */
const publishedRules = { fastest: 1, slowest: 5, leftShare: 0.5 };

interface Saved {
  readonly row: number;
  readonly cooldown: number;
  readonly clock: number;
  readonly carX: readonly number[];
  readonly velocity: readonly number[];
  readonly carTimer: readonly number[];
  readonly terminated: boolean;
}

/**
 * A chicken crosses a road of eight lanes, one reward a crossing; a car sends it back to the start.
 * Every crossing draws new cars. An episode lasts 2,501 frames.
 *
 * @source Young and Tian 2019, "MinAtar"
 */
export class Freeway implements Game {
  readonly channels = ["chicken", "car", "speed1", "speed2", "speed3", "speed4", "speed5"];
  readonly minimalActions = [action.none, action.up, action.down];
  terminated = false;

  #rules = publishedRules;
  #row = startRow;
  #cooldown = 0;
  #clock = 0;
  /** Car i drives in row i + 1. */
  readonly #carX = new Int8Array(numCars);
  /** Frames between two moves, with the sign of the direction (positive = right). */
  readonly #velocity = new Int8Array(numCars);
  readonly #carTimer = new Int8Array(numCars);

  setLevel(draws: Stream | null): void {
    if (draws === null) {
      this.#rules = publishedRules;
      return;
    }
    const fastest = drawBetween(draws, 1, 3);
    const slowest = drawBetween(draws, fastest + 1, 5);
    this.#rules = { fastest, slowest, leftShare: drawBetween(draws, 1, 9) / 10 };
  }

  reset(random: MersenneTwister): void {
    this.#drawCars(random);
    this.#carX.fill(0);
    this.#row = startRow;
    this.#cooldown = moveCooldown;
    this.#clock = clockStart;
    this.terminated = false;
  }

  step(chosen: number, random: MersenneTwister): number {
    if (this.terminated) return 0;
    if (this.#cooldown === 0 && (chosen === action.up || chosen === action.down)) {
      this.#row = clamp(this.#row + (chosen === action.up ? -1 : 1), 0, startRow);
      this.#cooldown = moveCooldown;
    }
    let reward = 0;
    if (this.#row === 0) {
      reward = 1;
      this.#drawCars(random);
      this.#row = startRow;
    }
    for (let car = 0; car < numCars; car++) {
      this.#hit(car);
      if (this.#carTimer[car] === 0) {
        const velocity = this.#velocity[car];
        this.#carTimer[car] = Math.abs(velocity);
        this.#carX[car] = (this.#carX[car] + Math.sign(velocity) + boardSize) % boardSize;
        this.#hit(car);
      } else {
        this.#carTimer[car]--;
      }
    }
    if (this.#cooldown > 0) this.#cooldown--;
    this.#clock--;
    if (this.#clock < 0) this.terminated = true;
    return reward;
  }

  observe(out: Uint8Array): void {
    out.fill(0);
    out[(this.#row * boardSize + chickenX) * numChannels] = 1;
    for (let car = 0; car < numCars; car++) {
      const row = (car + 1) * boardSize;
      const velocity = this.#velocity[car];
      const behind = (this.#carX[car] - Math.sign(velocity) + boardSize) % boardSize;
      out[(row + this.#carX[car]) * numChannels + 1] = 1;
      out[(row + behind) * numChannels + 1 + Math.abs(velocity)] = 1;
    }
  }

  save(): Json {
    return {
      row: this.#row,
      cooldown: this.#cooldown,
      clock: this.#clock,
      carX: Array.from(this.#carX),
      velocity: Array.from(this.#velocity),
      carTimer: Array.from(this.#carTimer),
      terminated: this.terminated,
    };
  }

  restore(saved: Json): void {
    const from = saved as unknown as Saved;
    this.#row = from.row;
    this.#cooldown = from.cooldown;
    this.#clock = from.clock;
    this.#carX.set(from.carX);
    this.#velocity.set(from.velocity);
    this.#carTimer.set(from.carTimer);
    this.terminated = from.terminated;
  }

  /** New speeds and directions; the cars stay where they are. */
  #drawCars(random: MersenneTwister): void {
    const { fastest, slowest, leftShare } = this.#rules;
    for (let car = 0; car < numCars; car++) {
      this.#velocity[car] = random.integer(fastest, slowest + 1);
    }
    for (let car = 0; car < numCars; car++) {
      this.#carTimer[car] = this.#velocity[car];
      this.#velocity[car] *= Math.sign(random.uniform() - leftShare);
    }
  }

  #hit(car: number): void {
    if (this.#carX[car] === chickenX && car + 1 === this.#row) this.#row = startRow;
  }
}
