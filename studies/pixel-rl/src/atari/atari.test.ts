import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { key } from "@quadrivium/core";
import type { CommandContext } from "@quadrivium/config";
import { describe, expect, test } from "vitest";
import { emulatorCommand } from "../commands/emulator.js";
import { assemble } from "./assemble.test-helpers.js";
import { AtariEnvironment } from "./atari-environment.js";
import { openConsole, type AtariConsole } from "./console.js";
import { atariGame, atariGames } from "./games.js";
import { md5 } from "./md5.js";
import { AreaResize, brighter, toGrey } from "./screen.js";

const file = (name: string): Buffer => readFileSync(new URL(`../../roms/${name}`, import.meta.url));
const catchRom = (): Uint8Array => new Uint8Array(file("catch.bin"));

describe("assemble", () => {
  test("the cartridge's bytes are those of its source", () => {
    const rom = assemble(file("catch.asm").toString(), { size: 2048 });
    expect(Buffer.from(rom).equals(file("catch.bin"))).toBe(true);
  });

  test("encodes modes, names and branches as the processor's manual has them", () => {
    const source = "start:\n lda #$ff\n sta $80\n sta $282\nback:\n dex\n bne back\n jmp start";
    const rom = assemble(source, { size: 2048 });
    const code = [0xa9, 0xff, 0x85, 0x80, 0x8d, 0x82, 0x02, 0xca, 0xd0, 0xfd, 0x4c, 0x00, 0xf8];
    expect([...rom.subarray(0, 13)]).toEqual(code);
    expect([...rom.subarray(2042)]).toEqual([0, 0xf8, 0, 0xf8, 0, 0xf8]);
    expect(() => assemble("start:\n lda #1\n fly", { size: 2048 })).toThrow(/line 3 .* fly/);
  });
});

test("md5 agrees with Node's at every length around a block", () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 2048]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (31 * i) & 255);
    expect(md5(bytes)).toBe(createHash("md5").update(bytes).digest("hex"));
  }
});

describe("screen", () => {
  test("greys by the weights of the eye, rounded", () => {
    const out = new Uint8Array(3);
    // .2989 · 255 = 76.2; .587 · 255 = 149.7; .114 · 255 = 29.1.
    toGrey(Uint32Array.of(255, 255 << 8, 255 << 16), out);
    expect([...out]).toEqual([76, 150, 29]);
    const both = new Uint8Array(2);
    brighter(Uint8Array.of(1, 9), Uint8Array.of(4, 2), both);
    expect([...both]).toEqual([4, 9]);
  });

  test("shrinks 210×160 to 84×84 as OpenCV does by area", () => {
    const picture = Uint8Array.from({ length: 210 * 160 }, (_, i) => {
      const [y, x] = [Math.floor(i / 160), i % 160];
      return (3 * y + 5 * x) % 256;
    });
    const out = new Uint8Array(84 * 84);
    new AreaResize({ height: 210, width: 160 }, { height: 84, width: 84 }).resize(picture, out);
    expect([...out.subarray(0, 8)]).toEqual([5, 14, 24, 33, 43, 52, 62, 71]);
    expect([...out.subarray(41 * 84 + 40, 41 * 84 + 48)]).toEqual([
      181, 190, 200, 209, 219, 228, 238, 247,
    ]);
    expect([...out.subarray(83 * 84 + 76)]).toEqual([71, 80, 90, 99, 109, 118, 128, 137]);
    // OpenCV's sum is 896,699; pixels that round the other way may differ by 1.
    expect(Math.abs(out.reduce((sum, x) => sum + x, 0) - 896_699)).toBeLessThanOrEqual(40);
  });
});

/** Plays `catch` by RAM: follows the ball, or stays where it is. */
function play(console: AtariConsole, options: { frames: number; follows: boolean }): void {
  for (let frame = 0; frame < options.frames; frame++) {
    const aim = console.ram(0x82) - console.ram(0x84) - 12;
    const moves = options.follows && console.ram(0x86) === 1;
    console.runFrame({ left: moves && aim < -3, right: moves && aim > 3 });
  }
}

describe("openConsole", () => {
  test("runs the cartridge: a player who follows the ball scores, one who does not loses", async () => {
    const console = await openConsole(catchRom());
    expect([console.width, console.height]).toEqual([160, 212]);
    play(console, { frames: 600, follows: true });
    const game = atariGame("catch", catchRom());
    const ram = (address: number): number => console.ram(address);
    expect(game.score(ram)).toBeGreaterThan(8);
    expect(game.lives(ram)).toBe(3);
    play(console, { frames: 900, follows: false });
    expect(game.isOver(ram)).toBe(true);
    console.runFrame({ reset: true });
    console.runFrame({});
    expect([game.isOver(ram), game.lives(ram), game.score(ram)]).toEqual([false, 3, 0]);
  });

  test("draws the paddle under the joystick, and the ball where RAM has it", async () => {
    const console = await openConsole(catchRom());
    const rowOf = (colourAt: number): number[] => {
      const row: number[] = [];
      const background = console.screen[colourAt * 160];
      for (let x = 0; x < 160; x++) {
        if (console.screen[colourAt * 160 + x] !== background) row.push(x);
      }
      return row;
    };
    const paddleRow = (): number[] =>
      Array.from({ length: console.height }, (_, y) => rowOf(y)).find((row) => row.length === 32)!;
    play(console, { frames: 10, follows: false });
    const before = paddleRow()[0];
    for (let frame = 0; frame < 5; frame++) console.runFrame({ left: true });
    expect(paddleRow()[0]).toBe(before - 15);
    const ball = Array.from({ length: 150 }, (_, y) => rowOf(y)).filter((row) => row.length > 0);
    expect(ball).toHaveLength(8);
    expect(ball[0]).toHaveLength(8);
    // Objects appear a few pixels after the column they are timed for.
    expect(Math.abs(ball[0][0] - console.ram(0x82))).toBeLessThan(8);
  });

  test("equal seeds and actions give equal frames", async () => {
    const digest = async (): Promise<string> => {
      const console = await openConsole(catchRom(), { seed: 4 });
      play(console, { frames: 200, follows: true });
      return createHash("sha256").update(new Uint8Array(console.screen.buffer)).digest("hex");
    };
    expect(await digest()).toBe(await digest());
  });

  test("refuses what is no cartridge", async () => {
    await expect(openConsole(new Uint8Array(100))).rejects.toMatchObject({ code: "E_ROM" });
    const blank = await openConsole(new Uint8Array(2048));
    expect(() => blank.runFrame({})).toThrow(/must go on drawing frames/);
  });
});

/** A console that counts: score in byte 0, lives in byte 1, and its screen all of one grey. */
function countingConsole() {
  const log: { readonly fire: boolean; readonly reset: boolean }[] = [];
  const ram = new Uint8Array(128);
  const screen = new Uint32Array(21 * 16);
  const console: AtariConsole = {
    width: 16,
    height: 21,
    screen,
    ram: (address) => ram[address & 127],
    runFrame: ({ fire = false, reset = false }) => {
      log.push({ fire, reset });
      if (reset) ram.fill(0);
      if (fire) ram[0]++;
      screen.fill(log.length % 256);
    },
  };
  const game = {
    name: "counting",
    md5: null,
    actions: [{}, { fire: true }],
    startingActions: [],
    score: (read: (address: number) => number) => read(0),
    lives: (read: (address: number) => number) => 3 - Math.floor(read(0) / 5),
    isOver: (read: (address: number) => number) => read(0) >= 12,
  };
  return { console, game, log };
}

describe("AtariEnvironment", () => {
  const options = { key: key(0), stickyActionProbability: 0 };

  test("plays four frames a step, sums their rewards and stops with the game", () => {
    const { console, game, log } = countingConsole();
    const environment = new AtariEnvironment(console, game, options);
    const begun = log.length;
    expect(log.filter(({ reset }) => reset)).toHaveLength(4);
    expect([environment.step(0), environment.step(1), environment.step(1)]).toEqual([0, 4, 4]);
    expect(log.length - begun).toBe(12);
    expect(environment.terminated).toBe(false);
    expect(environment.step(1)).toBe(4);
    expect(environment.terminated).toBe(true);
    expect(environment.step(1)).toBe(0);
    expect(() => environment.step(2)).toThrow(/in \[0, 2\); got 2/);
  });

  test("shows the brighter of the last two frames; after a reset one of them is blank", () => {
    const { console, game, log } = countingConsole();
    const environment = new AtariEnvironment(console, game, options);
    const seen = new Uint8Array(84 * 84);
    const grey = (red: number): number => Math.round(0.2989 * red);
    environment.observe(seen);
    expect(new Set(seen)).toEqual(new Set([grey(log.length % 256)]));
    environment.step(0);
    environment.observe(seen);
    expect(new Set(seen)).toEqual(new Set([grey(log.length % 256)]));
  });

  test("a lost life ends an episode where that is asked for, and the game goes on", () => {
    const { console, game, log } = countingConsole();
    const environment = new AtariEnvironment(console, game, { ...options, endsOnLifeLoss: true });
    environment.step(1);
    expect(environment.terminated).toBe(false);
    // The second life is lost on the fifth point: the step's other frames are not played.
    expect(environment.step(1)).toBe(1);
    expect(environment.terminated).toBe(true);
    const before = log.length;
    environment.reset();
    expect(log.length).toBe(before);
    expect(environment.terminated).toBe(false);
    expect(environment.lives).toBe(2);
  });

  test("sticky actions are drawn for every frame, not for every step", () => {
    const { console, game } = countingConsole();
    const endless = { ...game, isOver: () => false };
    const sticky = { key: key(1), stickyActionProbability: 0.25 };
    const environment = new AtariEnvironment(console, endless, sticky);
    for (let step = 0; step < 25_000; step++) environment.step(step % 2);
    const { played, kept } = environment.frames;
    expect(played).toBe(100_000);
    // Standard deviation 0.00137; 0.01 is more than seven of them.
    expect(Math.abs(kept / played - 0.25)).toBeLessThan(0.01);
    const always = countingConsole();
    const stuck = new AtariEnvironment(always.console, endless, {
      ...sticky,
      stickyActionProbability: 1,
    });
    for (let step = 0; step < 50; step++) expect(stuck.step(1)).toBe(0);
  });

  test("a player of catch who follows the ball earns what the score says", async () => {
    const console = await openConsole(catchRom());
    const game = atariGame("catch", catchRom());
    const environment = new AtariEnvironment(console, game, options);
    let sum = 0;
    for (let step = 0; step < 150; step++) {
      const aim = console.ram(0x82) - console.ram(0x84) - 12;
      sum += environment.step(aim > 6 ? 1 : aim < -6 ? 2 : 0);
    }
    expect(sum).toBe(game.score((address) => console.ram(address)));
    expect(sum).toBeGreaterThan(5);
  });
});

describe("atariGames", () => {
  const ramOf = (bytes: { readonly [address: number]: number }) => (address: number) =>
    bytes[address & 127] ?? 0;
  const game = (name: string) => atariGames.find((other) => other.name === name)!;

  test("read scores from bytes of two decimal digits", () => {
    const invaders = game("space_invaders");
    expect(invaders.score(ramOf({ 0x68: 0x35, 0x66: 0x12 }))).toBe(1235);
    expect(invaders.reward?.(9990, 20)).toBe(30);
    expect(invaders.isOver(ramOf({ 0x18: 0x80, 0x49: 2 }))).toBe(true);
    expect(invaders.isOver(ramOf({ 0x49: 2 }))).toBe(false);
    const seaquest = game("seaquest");
    expect(seaquest.score(ramOf({ 0x3a: 0x40, 0x39: 0x23, 0x38: 0x01 }))).toBe(12_340);
    expect(seaquest.lives(ramOf({ 0x3b: 3 }))).toBe(4);
    const asterix = game("asterix");
    expect(asterix.score(ramOf({ 0x60: 0x50, 0x5f: 0x08 }))).toBe(850);
    expect(asterix.isOver(ramOf({ 0x47: 1, 0x53: 0x21 }))).toBe(true);
    expect(game("freeway").reward?.(3, 9)).toBe(1);
  });

  test("refuse another cartridge than the one they read, and unknown names", () => {
    expect(() => atariGame("seaquest", catchRom())).toThrow(/MD5 240bf.*got [0-9a-f]{32}/);
    expect(() => atariGame("tennis", catchRom())).toThrow(/catch, .*got "tennis"/);
  });
});

describe("emulator", () => {
  const context = {
    signal: new AbortController().signal,
    progress: () => {},
    readFile: async () => catchRom(),
  } as unknown as CommandContext;

  test("digests the last frame, the same every time", async () => {
    const input = { rom: "catch.bin", frames: 120, seed: 0 };
    const [a, b] = [
      await emulatorCommand.run(input, context),
      await emulatorCommand.run(input, context),
    ];
    const console = await openConsole(catchRom());
    for (let frame = 0; frame < 120; frame++) console.runFrame({});
    const rgb = [...console.screen].flatMap((p) => [p & 255, (p >> 8) & 255, (p >> 16) & 255]);
    expect(a.sha256).toBe(createHash("sha256").update(Uint8Array.from(rgb)).digest("hex"));
    expect(b.sha256).toBe(a.sha256);
    expect(a.framesPerSecond).toBeGreaterThan(0);
    expect(a.romMd5).toBe(createHash("md5").update(catchRom()).digest("hex"));
    expect((await emulatorCommand.run({ ...input, frames: 121 }, context)).sha256).not.toBe(
      a.sha256,
    );
  });
});
