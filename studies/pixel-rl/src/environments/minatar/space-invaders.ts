import type { Json, Stream } from "@quadrivium/core";
import { action, boardSize, clamp, drawBetween, type Game, type GameOptions } from "./game.js";

const numCells = boardSize * boardSize;
const cannonRow = (boardSize - 1) * boardSize;
const fastestWaveInterval = 6;
const shotCooldown = 5;
const numChannels = 6;

/** Four rows of six aliens. */
const fullWave: Uint8Array = new Uint8Array(numCells);
for (let y = 0; y < 4; y++) fullWave.fill(1, y * boardSize + 2, y * boardSize + 8);

/** What levels differ in: the block of aliens, how it marches and how often it shoots. */
const publishedRules = { wave: fullWave, moveInterval: 12, shotInterval: 10 };

interface Saved {
  readonly cannonX: number;
  readonly aliens: readonly number[];
  readonly bullets: readonly number[];
  readonly enemyBullets: readonly number[];
  readonly step: 1 | -1;
  readonly move: readonly [number, number];
  readonly shotTimer: number;
  readonly rampCount: number;
  readonly cooldown: number;
  readonly terminated: boolean;
}

/**
 * A cannon shoots at a block of aliens, one reward each, that marches, descends and shoots back.
 * A cleared wave is followed by a faster one. The game itself draws no random number.
 *
 * @source Young and Tian 2019, "MinAtar"
 */
export class SpaceInvaders implements Game {
  readonly channels = ["cannon", "alien", "alienLeft", "alienRight", "bullet", "enemyBullet"];
  readonly minimalActions = [action.none, action.left, action.right, action.fire];
  terminated = false;

  readonly #ramping: boolean;
  #rules = publishedRules;
  #cannonX = 0;
  readonly #aliens = new Uint8Array(numCells);
  #numAliens = 0;
  readonly #bullets = new Uint8Array(numCells);
  readonly #enemyBullets = new Uint8Array(numCells);
  #step: 1 | -1 = -1;
  #moveInterval = 0;
  #moveTimer = 0;
  #shotTimer = 0;
  #rampCount = 0;
  #cooldown = 0;

  constructor(options: GameOptions = {}) {
    this.#ramping = options.ramping ?? true;
  }

  setLevel(draws: Stream | null): void {
    this.#rules =
      draws === null
        ? publishedRules
        : {
            wave: drawWave(draws),
            moveInterval: drawBetween(draws, 9, 15),
            shotInterval: drawBetween(draws, 7, 13),
          };
  }

  reset(): void {
    this.#cannonX = 5;
    this.#bullets.fill(0);
    this.#enemyBullets.fill(0);
    this.#step = -1;
    this.#moveInterval = this.#moveTimer = this.#rules.moveInterval;
    this.#shotTimer = this.#rules.shotInterval;
    this.#rampCount = 0;
    this.#cooldown = 0;
    this.terminated = false;
    this.#formWave();
  }

  step(chosen: number): number {
    if (this.terminated) return 0;
    if (chosen === action.fire && this.#cooldown === 0) {
      this.#bullets[cannonRow + this.#cannonX] = 1;
      this.#cooldown = shotCooldown;
    } else if (chosen === action.left) {
      this.#cannonX = clamp(this.#cannonX - 1, 0, boardSize - 1);
    } else if (chosen === action.right) {
      this.#cannonX = clamp(this.#cannonX + 1, 0, boardSize - 1);
    }

    this.#bullets.copyWithin(0, boardSize).fill(0, cannonRow);
    this.#enemyBullets.copyWithin(boardSize, 0, cannonRow).fill(0, 0, boardSize);
    const cannon = cannonRow + this.#cannonX;
    if (this.#enemyBullets[cannon] === 1 || this.#aliens[cannon] === 1) this.terminated = true;

    if (this.#moveTimer === 0) {
      this.#moveTimer = Math.min(this.#numAliens, this.#moveInterval);
      this.#march();
      if (this.#aliens[cannon] === 1) this.terminated = true;
    }
    if (this.#shotTimer === 0) {
      this.#shotTimer = this.#rules.shotInterval;
      this.#shootBack();
    }
    const reward = this.#removeHit();

    if (this.#cooldown > 0) this.#cooldown--;
    this.#moveTimer--;
    this.#shotTimer--;
    if (this.#numAliens === 0) {
      if (this.#ramping && this.#moveInterval > fastestWaveInterval) {
        this.#moveInterval--;
        this.#rampCount++;
      }
      this.#formWave();
    }
    return reward;
  }

  observe(out: Uint8Array): void {
    out.fill(0);
    out[(cannonRow + this.#cannonX) * numChannels] = 1;
    const marching = this.#step === -1 ? 2 : 3;
    for (let cell = 0, at = 0; cell < numCells; cell++, at += numChannels) {
      if (this.#aliens[cell] === 1) out[at + 1] = out[at + marching] = 1;
      out[at + 4] = this.#bullets[cell];
      out[at + 5] = this.#enemyBullets[cell];
    }
  }

  save(): Json {
    return {
      cannonX: this.#cannonX,
      aliens: Array.from(this.#aliens),
      bullets: Array.from(this.#bullets),
      enemyBullets: Array.from(this.#enemyBullets),
      step: this.#step,
      move: [this.#moveInterval, this.#moveTimer],
      shotTimer: this.#shotTimer,
      rampCount: this.#rampCount,
      cooldown: this.#cooldown,
      terminated: this.terminated,
    };
  }

  restore(saved: Json): void {
    const from = saved as unknown as Saved;
    this.#cannonX = from.cannonX;
    this.#aliens.set(from.aliens);
    this.#numAliens = this.#aliens.reduce((sum, alien) => sum + alien, 0);
    this.#bullets.set(from.bullets);
    this.#enemyBullets.set(from.enemyBullets);
    this.#step = from.step;
    [this.#moveInterval, this.#moveTimer] = from.move;
    this.#shotTimer = from.shotTimer;
    this.#rampCount = from.rampCount;
    this.#cooldown = from.cooldown;
    this.terminated = from.terminated;
  }

  /** Where the last wave stood and went does not matter. */
  #formWave(): void {
    this.#aliens.set(this.#rules.wave);
    this.#numAliens = this.#aliens.reduce((sum, alien) => sum + alien, 0);
  }

  /** One column on, or at the wall about and one row down. */
  #march(): void {
    const wall = this.#step === -1 ? 0 : boardSize - 1;
    let atWall = false;
    for (let cell = wall; cell < numCells; cell += boardSize) {
      if (this.#aliens[cell] === 1) atWall = true;
    }
    if (atWall) {
      this.#step = this.#step === -1 ? 1 : -1;
      const bottom = this.#aliens.slice(cannonRow);
      if (bottom.includes(1)) this.terminated = true;
      this.#aliens.copyWithin(boardSize, 0, cannonRow).set(bottom);
    } else if (this.#step === -1) {
      this.#aliens.copyWithin(0, 1);
      this.#aliens[numCells - 1] = 0;
    } else {
      this.#aliens.copyWithin(1, 0, numCells - 1);
      this.#aliens[0] = 0;
    }
  }

  /** The lowest alien of the occupied column nearest to the cannon shoots; ties go left. */
  #shootBack(): void {
    for (let distance = 0; distance < boardSize; distance++) {
      for (const x of [this.#cannonX - distance, this.#cannonX + distance]) {
        if (x < 0 || x >= boardSize) continue;
        for (let cell = cannonRow + x; cell >= 0; cell -= boardSize) {
          if (this.#aliens[cell] === 1) {
            this.#enemyBullets[cell] = 1;
            return;
          }
        }
      }
    }
  }

  #removeHit(): number {
    let hits = 0;
    for (let cell = 0; cell < numCells; cell++) {
      if ((this.#aliens[cell] & this.#bullets[cell]) === 1) {
        this.#aliens[cell] = this.#bullets[cell] = 0;
        hits++;
      }
    }
    this.#numAliens -= hits;
    return hits;
  }
}

/** The block with about seven in ten of its aliens. */
function drawWave(draws: Stream): Uint8Array {
  const wave = fullWave.map((alien) => (alien === 1 && draws.uniform() < 0.7 ? 1 : 0));
  return wave.includes(1) ? wave : fullWave;
}
