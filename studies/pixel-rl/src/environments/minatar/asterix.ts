import type { Json, Stream } from "@quadrivium/core";
import {
  action,
  boardSize,
  clamp,
  drawBetween,
  isInside,
  type Game,
  type GameOptions,
} from "./game.js";
import type { MersenneTwister } from "./mersenne-twister.js";

const numLanes = 8;
const rampInterval = 100;

/** What levels differ in: how fast a game begins, and how much of what comes is gold. */
const publishedRules = { spawnInterval: 10, moveInterval: 5, goldShare: 1 / 3 };

/** Something that crosses the board in a lane. */
interface Walker {
  x: number;
  readonly step: 1 | -1;
  readonly isGold: boolean;
}

interface Saved {
  readonly player: readonly [number, number];
  readonly lanes: readonly (Walker | null)[];
  readonly spawn: readonly [number, number];
  readonly move: readonly [number, number];
  readonly ramp: readonly [number, number];
  readonly terminated: boolean;
}

/**
 * The player dodges enemies and collects gold, one reward each; both cross the board in eight lanes,
 * at most one a lane. With ramping they come and move faster as time goes on.
 *
 * @source Young and Tian 2019, "MinAtar"
 */
export class Asterix implements Game {
  readonly channels = ["player", "enemy", "trail", "gold"];
  readonly minimalActions = [action.none, action.left, action.up, action.right, action.down];
  terminated = false;

  readonly #ramping: boolean;
  #rules = publishedRules;
  #playerX = 0;
  #playerY = 0;
  /** Lane k is row k + 1. */
  readonly #lanes: (Walker | null)[] = Array.from({ length: numLanes }, () => null);
  #spawnInterval = 0;
  #spawnTimer = 0;
  #moveInterval = 0;
  #moveTimer = 0;
  #rampTimer = 0;
  #rampCount = 0;

  constructor(options: GameOptions = {}) {
    this.#ramping = options.ramping ?? true;
  }

  setLevel(draws: Stream | null): void {
    this.#rules =
      draws === null
        ? publishedRules
        : {
            spawnInterval: drawBetween(draws, 7, 13),
            moveInterval: drawBetween(draws, 3, 7),
            goldShare: drawBetween(draws, 4, 10) / 20,
          };
  }

  reset(): void {
    this.#playerX = this.#playerY = 5;
    this.#lanes.fill(null);
    this.#spawnInterval = this.#spawnTimer = this.#rules.spawnInterval;
    this.#moveInterval = this.#moveTimer = this.#rules.moveInterval;
    this.#rampTimer = rampInterval;
    this.#rampCount = 0;
    this.terminated = false;
  }

  step(chosen: number, random: MersenneTwister): number {
    if (this.terminated) return 0;
    if (this.#spawnTimer === 0) {
      this.#spawn(random);
      this.#spawnTimer = this.#spawnInterval;
    }

    if (chosen === action.left) this.#playerX = clamp(this.#playerX - 1, 0, boardSize - 1);
    else if (chosen === action.right) this.#playerX = clamp(this.#playerX + 1, 0, boardSize - 1);
    else if (chosen === action.up) this.#playerY = clamp(this.#playerY - 1, 1, numLanes);
    else if (chosen === action.down) this.#playerY = clamp(this.#playerY + 1, 1, numLanes);

    let reward = 0;
    for (let lane = 0; lane < numLanes; lane++) reward += this.#touch(lane);
    if (this.#moveTimer === 0) {
      this.#moveTimer = this.#moveInterval;
      for (let lane = 0; lane < numLanes; lane++) {
        const walker = this.#lanes[lane];
        if (walker === null) continue;
        walker.x += walker.step;
        if (isInside(walker.x)) reward += this.#touch(lane);
        else this.#lanes[lane] = null;
      }
    }
    this.#spawnTimer--;
    this.#moveTimer--;
    if (this.#ramping) this.#ramp();
    return reward;
  }

  observe(out: Uint8Array): void {
    out.fill(0);
    out[(this.#playerY * boardSize + this.#playerX) * 4] = 1;
    for (let lane = 0; lane < numLanes; lane++) {
      const walker = this.#lanes[lane];
      if (walker === null) continue;
      const row = (lane + 1) * boardSize;
      out[(row + walker.x) * 4 + (walker.isGold ? 3 : 1)] = 1;
      const behind = walker.x - walker.step;
      if (isInside(behind)) out[(row + behind) * 4 + 2] = 1;
    }
  }

  save(): Json {
    return {
      player: [this.#playerX, this.#playerY],
      lanes: this.#lanes.map((walker) => (walker === null ? null : { ...walker })),
      spawn: [this.#spawnInterval, this.#spawnTimer],
      move: [this.#moveInterval, this.#moveTimer],
      ramp: [this.#rampTimer, this.#rampCount],
      terminated: this.terminated,
    };
  }

  restore(saved: Json): void {
    const from = saved as unknown as Saved;
    [this.#playerX, this.#playerY] = from.player;
    from.lanes.forEach((walker, lane) => {
      this.#lanes[lane] = walker === null ? null : { ...walker };
    });
    [this.#spawnInterval, this.#spawnTimer] = from.spawn;
    [this.#moveInterval, this.#moveTimer] = from.move;
    [this.#rampTimer, this.#rampCount] = from.ramp;
    this.terminated = from.terminated;
  }

  #spawn(random: MersenneTwister): void {
    const step = random.uniform() < 0.5 ? 1 : -1;
    const isGold = random.uniform() < this.#rules.goldShare;
    let numFree = 0;
    for (const walker of this.#lanes) if (walker === null) numFree++;
    if (numFree === 0) return;
    let skip = random.integer(0, numFree);
    const lane = this.#lanes.findIndex((walker) => walker === null && skip-- === 0);
    this.#lanes[lane] = { x: step === 1 ? 0 : boardSize - 1, step, isGold };
  }

  /** What happens where a walker and the player share a cell; the reward. */
  #touch(lane: number): number {
    const walker = this.#lanes[lane];
    if (walker === null || walker.x !== this.#playerX || lane + 1 !== this.#playerY) return 0;
    if (!walker.isGold) {
      this.terminated = true;
      return 0;
    }
    this.#lanes[lane] = null;
    return 1;
  }

  #ramp(): void {
    if (this.#spawnInterval <= 1 && this.#moveInterval <= 1) return;
    if (this.#rampTimer >= 0) {
      this.#rampTimer--;
      return;
    }
    if (this.#moveInterval > 1 && this.#rampCount % 2 === 1) this.#moveInterval--;
    if (this.#spawnInterval > 1) this.#spawnInterval--;
    this.#rampCount++;
    this.#rampTimer = rampInterval;
  }
}
