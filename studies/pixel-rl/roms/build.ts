// Assembles the study's own cartridge: npx tsx studies/pixel-rl/roms/build.ts
import { readFileSync, writeFileSync } from "node:fs";
import { assemble } from "../src/atari/assemble.test-helpers.js";

const source = readFileSync(new URL("./catch.asm", import.meta.url), "utf8");
writeFileSync(new URL("./catch.bin", import.meta.url), assemble(source, { size: 2048 }));
