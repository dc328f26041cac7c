import { sha256 } from "@quadrivium/core";
import type { Command } from "@quadrivium/config";
import { writePng } from "@quadrivium/io";
import { z } from "zod";
import { openConsole, type AtariConsole } from "../atari/console.js";
import { md5 } from "../atari/md5.js";
import { toRgb } from "../atari/screen.js";

const input = z.object({
  rom: z.string().describe("a cartridge's bytes, as roms/catch.bin of this study"),
  frames: z.int().min(1).max(1_000_000).default(600).describe("frames to run, hands off"),
  seed: z.int().min(0).max(1_000_000).default(0).describe("decides what RAM holds at the start"),
  out: z.string().optional().describe("a .png file for the last frame"),
});

const output = z.object({
  sha256: z.string(),
  framesPerSecond: z.number(),
  frames: z.number(),
  width: z.number(),
  height: z.number(),
  romMd5: z.string(),
});

/** `emulator`: runs a cartridge on an emulated Atari 2600 and digests its last frame. */
export const emulatorCommand: Command<z.infer<typeof input>, z.infer<typeof output>> = {
  name: "emulator",
  summary: "Run an Atari 2600 cartridge and digest its last frame",
  input,
  output,
  examples: ["emulator --rom studies/pixel-rl/roms/catch.bin --frames 600"],
  async run({ rom, frames, seed, out }, { readFile, writeFile, signal, progress }) {
    const bytes = await readFile(rom);
    const console = await openConsole(bytes, { seed });
    const startMs = performance.now();
    for (let frame = 1; frame <= frames; frame++) {
      console.runFrame({});
      if (frame % 100 === 0) {
        signal.throwIfAborted();
        progress(`frame ${frame}`);
      }
    }
    const seconds = (performance.now() - startMs) / 1000;
    if (out !== undefined) await writeFile(out, pngOf(console));
    return {
      sha256: sha256(toRgb(console.screen)),
      framesPerSecond: frames / seconds,
      frames,
      width: console.width,
      height: console.height,
      romMd5: md5(bytes),
    };
  },
};

/** The screen as a picture; a 2600 has 128 colours. */
function pngOf({ screen, width, height }: AtariConsole): Uint8Array {
  const colours = [...new Set(screen)];
  const places = new Map(colours.map((colour, place) => [colour, place]));
  return writePng({
    width,
    height,
    pixels: Uint8Array.from(screen, (colour) => places.get(colour)!),
    palette: colours.map((pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255]),
  });
}
