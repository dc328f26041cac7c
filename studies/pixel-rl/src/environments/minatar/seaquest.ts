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

const numChannels = 10;
const gaugeRow = boardSize - 1;
const deepestRow = gaugeRow - 1;
const oxygenFull = 200;
const maxDivers = 6;
const fastestMoveInterval = 2;
const diverMoveInterval = 5;
const enemyShotInterval = 10;
const shotCooldown = 5;

/** What levels differ in: how often and how fast things come, and how many of them shoot. */
const publishedRules = {
  spawnInterval: 20,
  moveInterval: 5,
  diverInterval: 30,
  submarineShare: 1 / 3,
};

/** Anything that swims: bullets have no timer of their own. */
interface Swimmer {
  x: number;
  readonly y: number;
  readonly step: 1 | -1;
  timer: number;
}

/** An enemy submarine, which also shoots. */
interface Submarine extends Swimmer {
  shotTimer: number;
}

interface Saved {
  readonly x: number;
  readonly y: number;
  readonly facing: 1 | -1;
  readonly oxygen: number;
  readonly carried: number;
  readonly surfaced: boolean;
  readonly spawn: readonly [number, number];
  readonly diverTimer: number;
  readonly moveInterval: number;
  readonly rampCount: number;
  readonly cooldown: number;
  readonly bullets: readonly Swimmer[];
  readonly enemyBullets: readonly Swimmer[];
  readonly fish: readonly Swimmer[];
  readonly submarines: readonly Submarine[];
  readonly divers: readonly Swimmer[];
  readonly terminated: boolean;
}

/**
 * A submarine shoots fish and enemy submarines (one reward each), picks up divers and must surface
 * for oxygen with at least one diver aboard; six divers aboard pay for the oxygen left.
 *
 * Surfacing always costs one diver, after a full delivery too, so the count can become negative;
 * only a count of exactly zero is fatal. The published results were made with these rules.
 *
 * @source Young and Tian 2019, "MinAtar"
 */
export class Seaquest implements Game {
  readonly channels = [
    "submarineFront",
    "submarineBack",
    "bullet",
    "trail",
    "enemyBullet",
    "fish",
    "enemySubmarine",
    "oxygen",
    "diversCarried",
    "diver",
  ];
  readonly minimalActions = [0, 1, 2, 3, 4, 5];
  terminated = false;

  readonly #ramping: boolean;
  #rules = publishedRules;
  #x = 0;
  #y = 0;
  #facing: 1 | -1 = -1;
  #oxygen = 0;
  #carried = 0;
  #surfaced = true;
  #spawnInterval = 0;
  #spawnTimer = 0;
  #diverTimer = 0;
  #moveInterval = 0;
  #rampCount = 0;
  #cooldown = 0;
  #bullets: Swimmer[] = [];
  #enemyBullets: Swimmer[] = [];
  #fish: Swimmer[] = [];
  #submarines: Submarine[] = [];
  #divers: Swimmer[] = [];

  constructor(options: GameOptions = {}) {
    this.#ramping = options.ramping ?? true;
  }

  setLevel(draws: Stream | null): void {
    this.#rules =
      draws === null
        ? publishedRules
        : {
            spawnInterval: drawBetween(draws, 14, 26),
            moveInterval: drawBetween(draws, 3, 7),
            diverInterval: drawBetween(draws, 20, 40),
            submarineShare: drawBetween(draws, 4, 10) / 20,
          };
  }

  reset(): void {
    this.#x = 5;
    this.#y = 0;
    this.#facing = -1;
    this.#oxygen = oxygenFull;
    this.#carried = 0;
    this.#surfaced = true;
    this.#spawnInterval = this.#spawnTimer = this.#rules.spawnInterval;
    this.#diverTimer = this.#rules.diverInterval;
    this.#moveInterval = this.#rules.moveInterval;
    this.#rampCount = 0;
    this.#cooldown = 0;
    this.#bullets = [];
    this.#enemyBullets = [];
    this.#fish = [];
    this.#submarines = [];
    this.#divers = [];
    this.terminated = false;
  }

  step(chosen: number, random: MersenneTwister): number {
    if (this.terminated) return 0;
    if (this.#spawnTimer === 0) {
      this.#spawnEnemy(random);
      this.#spawnTimer = this.#spawnInterval;
    }
    if (this.#diverTimer === 0) {
      this.#spawnDiver(random);
      this.#diverTimer = this.#rules.diverInterval;
    }
    this.#steer(chosen);

    let reward = this.#moveBullets();
    this.#moveDivers();
    reward += this.#moveSubmarines();
    this.#moveEnemyBullets();
    reward += this.#moveFish();

    if (this.#spawnTimer > 0) this.#spawnTimer--;
    if (this.#diverTimer > 0) this.#diverTimer--;
    if (this.#cooldown > 0) this.#cooldown--;
    if (this.#oxygen <= 0) this.terminated = true;
    if (this.#y > 0) {
      this.#oxygen--;
      this.#surfaced = false;
    } else if (!this.#surfaced) {
      if (this.#carried === 0) this.terminated = true;
      else reward += this.#surface();
    }
    return reward;
  }

  observe(out: Uint8Array): void {
    out.fill(0);
    const mark = (x: number, y: number, channel: number): void => {
      out[(y * boardSize + x) * numChannels + channel] = 1;
    };
    mark(this.#x, this.#y, 0);
    const back = this.#x - this.#facing;
    if (isInside(back)) mark(back, this.#y, 1);
    for (let x = 0; x < this.#oxygenCells(); x++) mark(x, gaugeRow, 7);
    for (let x = gaugeRow - this.#carried; x < gaugeRow; x++) mark(x, gaugeRow, 8);
    for (const { x, y } of this.#bullets) mark(x, y, 2);
    for (const { x, y } of this.#enemyBullets) mark(x, y, 4);
    const markWithTrail = (swimmer: Swimmer, channel: number): void => {
      mark(swimmer.x, swimmer.y, channel);
      const behind = swimmer.x - swimmer.step;
      if (isInside(behind)) mark(behind, swimmer.y, 3);
    };
    for (const swimmer of this.#fish) markWithTrail(swimmer, 5);
    for (const swimmer of this.#submarines) markWithTrail(swimmer, 6);
    for (const swimmer of this.#divers) markWithTrail(swimmer, 9);
  }

  save(): Json {
    const copies = (swimmers: readonly Swimmer[]): Json =>
      swimmers.map((swimmer) => ({ ...swimmer }));
    return {
      x: this.#x,
      y: this.#y,
      facing: this.#facing,
      oxygen: this.#oxygen,
      carried: this.#carried,
      surfaced: this.#surfaced,
      spawn: [this.#spawnInterval, this.#spawnTimer],
      diverTimer: this.#diverTimer,
      moveInterval: this.#moveInterval,
      rampCount: this.#rampCount,
      cooldown: this.#cooldown,
      bullets: copies(this.#bullets),
      enemyBullets: copies(this.#enemyBullets),
      fish: copies(this.#fish),
      submarines: copies(this.#submarines),
      divers: copies(this.#divers),
      terminated: this.terminated,
    };
  }

  restore(saved: Json): void {
    const from = structuredClone(saved) as unknown as Saved;
    this.#x = from.x;
    this.#y = from.y;
    this.#facing = from.facing;
    this.#oxygen = from.oxygen;
    this.#carried = from.carried;
    this.#surfaced = from.surfaced;
    [this.#spawnInterval, this.#spawnTimer] = from.spawn;
    this.#diverTimer = from.diverTimer;
    this.#moveInterval = from.moveInterval;
    this.#rampCount = from.rampCount;
    this.#cooldown = from.cooldown;
    this.#bullets = [...from.bullets];
    this.#enemyBullets = [...from.enemyBullets];
    this.#fish = [...from.fish];
    this.#submarines = [...from.submarines];
    this.#divers = [...from.divers];
    this.terminated = from.terminated;
  }

  /** A lane holds enemies of one direction only; a draw against it brings nothing. */
  #spawnEnemy(random: MersenneTwister): void {
    const step = random.uniform() < 0.5 ? 1 : -1;
    const isSubmarine = random.uniform() < this.#rules.submarineShare;
    const y = random.integer(1, 9);
    const against = (enemy: Swimmer): boolean => enemy.y === y && enemy.step !== step;
    if (this.#fish.some(against) || this.#submarines.some(against)) return;
    const enemy = { x: edgeOf(step), y, step, timer: this.#moveInterval } as const;
    if (isSubmarine) this.#submarines.push({ ...enemy, shotTimer: enemyShotInterval });
    else this.#fish.push({ ...enemy });
  }

  #spawnDiver(random: MersenneTwister): void {
    const step = random.uniform() < 0.5 ? 1 : -1;
    const y = random.integer(1, 9);
    this.#divers.push({ x: edgeOf(step), y, step, timer: diverMoveInterval });
  }

  #steer(chosen: number): void {
    if (chosen === action.fire && this.#cooldown === 0) {
      this.#bullets.push({ x: this.#x, y: this.#y, step: this.#facing, timer: 0 });
      this.#cooldown = shotCooldown;
    } else if (chosen === action.left || chosen === action.right) {
      this.#facing = chosen === action.left ? -1 : 1;
      this.#x = clamp(this.#x + this.#facing, 0, boardSize - 1);
    } else if (chosen === action.up) {
      this.#y = clamp(this.#y - 1, 0, deepestRow);
    } else if (chosen === action.down) {
      this.#y = clamp(this.#y + 1, 0, deepestRow);
    }
  }

  #moveBullets(): number {
    let reward = 0;
    newestFirst(this.#bullets, (bullet) => {
      bullet.x += bullet.step;
      if (!isInside(bullet.x)) return "remove";
      if (!removeFirstAt(this.#fish, bullet) && !removeFirstAt(this.#submarines, bullet)) {
        return "keep";
      }
      reward++;
      return "remove";
    });
    return reward;
  }

  #moveDivers(): void {
    newestFirst(this.#divers, (diver) => {
      if (this.#pickUp(diver)) return "remove";
      if (diver.timer > 0) {
        diver.timer--;
        return "keep";
      }
      diver.timer = diverMoveInterval;
      diver.x += diver.step;
      return !isInside(diver.x) || this.#pickUp(diver) ? "remove" : "keep";
    });
  }

  #moveSubmarines(): number {
    let reward = 0;
    newestFirst(this.#submarines, (enemy) => {
      const outcome = this.#moveEnemy(enemy);
      reward += outcome === "shot" ? 1 : 0;
      // A submarine that leaves or is hit in this frame still gets its shot off.
      if (enemy.shotTimer === 0) {
        enemy.shotTimer = enemyShotInterval;
        this.#enemyBullets.push({ x: enemy.x, y: enemy.y, step: enemy.step, timer: 0 });
      } else {
        enemy.shotTimer--;
      }
      return outcome === "keep" ? "keep" : "remove";
    });
    return reward;
  }

  #moveEnemyBullets(): void {
    newestFirst(this.#enemyBullets, (bullet) => {
      if (this.#isAt(bullet)) this.terminated = true;
      bullet.x += bullet.step;
      if (!isInside(bullet.x)) return "remove";
      if (this.#isAt(bullet)) this.terminated = true;
      return "keep";
    });
  }

  #moveFish(): number {
    let reward = 0;
    newestFirst(this.#fish, (fish) => {
      const outcome = this.#moveEnemy(fish);
      reward += outcome === "shot" ? 1 : 0;
      return outcome === "keep" ? "keep" : "remove";
    });
    return reward;
  }

  /** One frame of an enemy's swimming; contact with the submarine ends the episode. */
  #moveEnemy(enemy: Swimmer): "keep" | "left" | "shot" {
    if (this.#isAt(enemy)) this.terminated = true;
    if (enemy.timer > 0) {
      enemy.timer--;
      return "keep";
    }
    enemy.timer = this.#moveInterval;
    enemy.x += enemy.step;
    if (!isInside(enemy.x)) return "left";
    if (this.#isAt(enemy)) this.terminated = true;
    else if (removeFirstAt(this.#bullets, enemy)) return "shot";
    return "keep";
  }

  #surface(): number {
    this.#surfaced = true;
    let reward = 0;
    if (this.#carried === maxDivers) {
      this.#carried = 0;
      reward = this.#oxygenCells();
    }
    this.#oxygen = oxygenFull;
    this.#carried--;
    if (this.#ramping && (this.#spawnInterval > 1 || this.#moveInterval > fastestMoveInterval)) {
      if (this.#moveInterval > fastestMoveInterval && this.#rampCount % 2 === 1) {
        this.#moveInterval--;
      }
      if (this.#spawnInterval > 1) this.#spawnInterval--;
      this.#rampCount++;
    }
    return reward;
  }

  #oxygenCells(): number {
    return Math.floor((Math.max(0, this.#oxygen) * boardSize) / oxygenFull);
  }

  #pickUp(diver: Swimmer): boolean {
    if (!this.#isAt(diver) || this.#carried >= maxDivers) return false;
    this.#carried++;
    return true;
  }

  #isAt(swimmer: Swimmer): boolean {
    return swimmer.x === this.#x && swimmer.y === this.#y;
  }
}

/** Where something that moves by `step` enters the board. */
function edgeOf(step: 1 | -1): number {
  return step === 1 ? 0 : boardSize - 1;
}

/** Visits a list from its newest entry back and removes what the visit says. */
function newestFirst<T>(list: T[], visit: (entry: T) => "keep" | "remove"): void {
  for (let i = list.length - 1; i >= 0; i--) {
    if (visit(list[i]) === "remove") list.splice(i, 1);
  }
}

/** Removes the oldest entry in a cell, if there is one. */
function removeFirstAt(list: Swimmer[], cell: Swimmer): boolean {
  const index = list.findIndex((entry) => entry.x === cell.x && entry.y === cell.y);
  if (index < 0) return false;
  list.splice(index, 1);
  return true;
}
