import { InputError } from "@quadrivium/core";
import type { Controls } from "./console.js";
import { md5 } from "./md5.js";

/** Reads a byte of RAM by the low seven bits of its address. */
type Ram = (address: number) => number;

/** How a game is read: what its RAM says, and which actions mean something in it. */
export interface AtariGame {
  readonly name: string;
  /** MD5 of the cartridge that the addresses hold for; null for any. */
  readonly md5: string | null;
  readonly actions: readonly Controls[];
  /** Played after a reset, before anything else. */
  readonly startingActions: readonly Controls[];
  score(ram: Ram): number;
  /** What a frame earns. [the difference of scores] */
  reward?(before: number, after: number): number;
  lives(ram: Ram): number;
  isOver(ram: Ram): boolean;
}

const none: Controls = {};
const fire: Controls = { fire: true };
const sideways: readonly Controls[] = [{ right: true }, { left: true }];
const stick: readonly Controls[] = [
  { up: true },
  { right: true },
  { left: true },
  { down: true },
  { up: true, right: true },
  { up: true, left: true },
  { down: true, right: true },
  { down: true, left: true },
];
const withFire = (all: readonly Controls[]): readonly Controls[] =>
  all.map((controls) => ({ ...controls, fire: true }));

/** Two decimal digits in a byte. */
const decimal = (byte: number): number => 10 * (byte >> 4) + (byte & 15);

/** Decimal digits in bytes from the lowest two to the highest. */
const decimals = (ram: Ram, addresses: readonly number[]): number =>
  addresses.reduce((sum, address, place) => sum + decimal(ram(address)) * 100 ** place, 0);

/**
 * The games whose score and end can be read. Cartridges other than `catch`, which comes with the
 * study, are the user's own. Games for paddles (Breakout, Pong) are not among them: only the joystick
 * is connected.
 *
 * @source the RAM rules of the Arcade Learning Environment
 */
export const atariGames: readonly AtariGame[] = [
  {
    name: "catch",
    md5: null,
    actions: [none, ...sideways],
    startingActions: [],
    score: (ram) => decimal(ram(0x80)),
    lives: (ram) => ram(0x81),
    isOver: (ram) => ram(0x86) === 0,
  },
  {
    name: "space_invaders",
    md5: "72ffbef6504b75e69ee1045af9075f66",
    actions: [none, fire, ...sideways, ...withFire(sideways)],
    startingActions: [],
    score: (ram) => decimals(ram, [0xe8, 0xe6]),
    // The score begins anew after 9,999.
    reward: (before, after) => after - before + (after < before ? 10_000 : 0),
    lives: (ram) => ram(0xc9),
    isOver: (ram) => (ram(0x98) & 0x80) !== 0 || ram(0xc9) === 0,
  },
  {
    name: "seaquest",
    md5: "240bfbac5163af4df5ae713985386f92",
    actions: [none, fire, ...stick, ...withFire(stick)],
    startingActions: [],
    score: (ram) => decimals(ram, [0xba, 0xb9, 0xb8]),
    lives: (ram) => ram(0xbb) + 1,
    isOver: (ram) => ram(0xa3) !== 0,
  },
  {
    name: "freeway",
    md5: "8e0ab801b1705a740b476b7f588c6d16",
    actions: [none, { up: true }, { down: true }],
    startingActions: [],
    score: (ram) => decimal(ram(103)),
    reward: (before, after) => Math.min(1, Math.max(0, after - before)),
    lives: () => 0,
    isOver: (ram) => ram(22) === 1,
  },
  {
    name: "asterix",
    md5: "89a68746eff7f266bbf08de2483abe55",
    actions: [none, ...stick],
    startingActions: [fire],
    score: (ram) => decimals(ram, [0xe0, 0xdf, 0xde]),
    lives: (ram) => ram(0xd3) & 15,
    isOver: (ram) => ram(0xc7) === 1 && (ram(0xd3) & 15) === 1,
  },
];

/**
 * The game of a name, for a cartridge.
 *
 * @throws E_GAME if there is none
 * @throws E_ROM if the cartridge is another than the one whose RAM is known
 */
export function atariGame(name: string, rom: Uint8Array): AtariGame {
  const game = atariGames.find((other) => other.name === name);
  if (game === undefined) {
    const names = atariGames.map((other) => other.name).join(", ");
    throw new InputError(
      "E_GAME",
      `atariGame: must be one of ${names}; got ${JSON.stringify(name)}`,
    );
  }
  const found = md5(rom);
  if (game.md5 !== null && found !== game.md5) {
    throw new InputError(
      "E_ROM",
      `atariGame: ${name} is read by the RAM of the cartridge with MD5 ${game.md5}; got ${found}`,
      { details: { expected: game.md5, found } },
    );
  }
  return game;
}
