import type { Json, Stream } from "@quadrivium/core";
import { action, boardSize, clamp, type Game } from "./game.js";
import type { MersenneTwister } from "./mersenne-twister.js";

const firstBrickRow = 1;
const numBrickRows = 3;
const lastRow = boardSize - 1;

/** Horizontal and vertical step of the directions up-left, up-right, down-right, down-left. */
const stepX = [-1, 1, 1, -1];
const stepY = [-1, -1, 1, 1];

const flipHorizontally = (direction: number): number => direction ^ 1;
const flipVertically = (direction: number): number => 3 - direction;
const reverse = (direction: number): number => (direction + 2) % 4;

const fullWall = new Uint8Array(numBrickRows * boardSize).fill(1);

/** A wall with about three in five of its bricks. */
function drawWall(draws: Stream): Uint8Array {
  const wall = fullWall.map(() => (draws.uniform() < 0.6 ? 1 : 0));
  return wall.includes(1) ? wall : fullWall;
}

interface Saved {
  readonly paddleX: number;
  readonly ball: readonly [number, number];
  readonly trail: readonly [number, number];
  readonly direction: number;
  readonly bricks: readonly number[];
  readonly strike: boolean;
  readonly terminated: boolean;
}

/**
 * A paddle keeps a ball in play that removes bricks, one reward each. The ball starts on one of the
 * two upper sides; a cleared wall is built again. Nothing gets faster.
 *
 * @source Young and Tian 2019, "MinAtar"
 */
export class Breakout implements Game {
  readonly channels = ["paddle", "ball", "trail", "brick"];
  readonly minimalActions = [action.none, action.left, action.right];
  terminated = false;

  #paddleX = 0;
  #ballX = 0;
  #ballY = 0;
  #trailX = 0;
  #trailY = 0;
  #direction = 0;
  /** What a fresh wall looks like; levels differ in it. */
  #wall: Uint8Array = fullWall;
  /** Bricks of the three rows, row by row. */
  readonly #bricks = new Uint8Array(numBrickRows * boardSize);
  #numBricks = 0;
  /** Set while the ball travels through bricks it may not break: one brick a contact. */
  #strike = false;

  setLevel(draws: Stream | null): void {
    this.#wall = draws === null ? fullWall : drawWall(draws);
  }

  reset(random: MersenneTwister): void {
    const side = random.integer(0, 2);
    this.#ballX = this.#trailX = side === 0 ? 0 : lastRow;
    this.#ballY = this.#trailY = 3;
    this.#direction = side === 0 ? 2 : 3;
    this.#paddleX = 4;
    this.#strike = false;
    this.terminated = false;
    this.#buildWall();
  }

  step(chosen: number): number {
    if (this.terminated) return 0;
    if (chosen === action.left) this.#paddleX = clamp(this.#paddleX - 1, 0, lastRow);
    if (chosen === action.right) this.#paddleX = clamp(this.#paddleX + 1, 0, lastRow);

    this.#trailX = this.#ballX;
    this.#trailY = this.#ballY;
    let x = this.#ballX + stepX[this.#direction];
    let y = this.#ballY + stepY[this.#direction];
    if (x < 0 || x > lastRow) {
      x = clamp(x, 0, lastRow);
      this.#direction = flipHorizontally(this.#direction);
    }

    let reward = 0;
    let touching = false;
    if (y < 0) {
      y = 0;
      this.#direction = flipVertically(this.#direction);
    } else if (this.#hasBrick(x, y)) {
      touching = true;
      if (!this.#strike) {
        reward = 1;
        this.#strike = true;
        this.#removeBrick(x, y);
        y = this.#ballY;
        this.#direction = flipVertically(this.#direction);
      }
    } else if (y === lastRow) {
      if (this.#numBricks === 0) this.#buildWall();
      if (this.#ballX === this.#paddleX) {
        this.#direction = flipVertically(this.#direction);
        y = this.#ballY;
      } else if (x === this.#paddleX) {
        this.#direction = reverse(this.#direction);
        y = this.#ballY;
      } else {
        this.terminated = true;
      }
    }
    if (!touching) this.#strike = false;
    this.#ballX = x;
    this.#ballY = y;
    return reward;
  }

  observe(out: Uint8Array): void {
    out.fill(0);
    out[(lastRow * boardSize + this.#paddleX) * 4] = 1;
    out[(this.#ballY * boardSize + this.#ballX) * 4 + 1] = 1;
    out[(this.#trailY * boardSize + this.#trailX) * 4 + 2] = 1;
    const wall = firstBrickRow * boardSize;
    for (let i = 0; i < this.#bricks.length; i++) out[(wall + i) * 4 + 3] = this.#bricks[i];
  }

  save(): Json {
    return {
      paddleX: this.#paddleX,
      ball: [this.#ballX, this.#ballY],
      trail: [this.#trailX, this.#trailY],
      direction: this.#direction,
      bricks: Array.from(this.#bricks),
      strike: this.#strike,
      terminated: this.terminated,
    };
  }

  restore(saved: Json): void {
    const from = saved as unknown as Saved;
    this.#paddleX = from.paddleX;
    [this.#ballX, this.#ballY] = from.ball;
    [this.#trailX, this.#trailY] = from.trail;
    this.#direction = from.direction;
    this.#bricks.set(from.bricks);
    this.#numBricks = this.#bricks.reduce((sum, brick) => sum + brick, 0);
    this.#strike = from.strike;
    this.terminated = from.terminated;
  }

  #buildWall(): void {
    this.#bricks.set(this.#wall);
    this.#numBricks = this.#wall.reduce((sum, brick) => sum + brick, 0);
  }

  #hasBrick(x: number, y: number): boolean {
    const row = y - firstBrickRow;
    return row >= 0 && row < numBrickRows && this.#bricks[row * boardSize + x] === 1;
  }

  #removeBrick(x: number, y: number): void {
    this.#bricks[(y - firstBrickRow) * boardSize + x] = 0;
    this.#numBricks--;
  }
}
