import { InputError, key } from "@quadrivium/core";
import type { Command } from "@quadrivium/config";
import { z } from "zod";
import { drawFrame, filmScale } from "../watch/draw-frame.js";
import { encodeGif, encodeStrip } from "../watch/encode.js";
import { watchEpisodes, type WatchedFrame } from "../watch/watch-episodes.js";
import { readAgent } from "./run-agent.js";

const input = z.object({
  run: z
    .string()
    .describe("a run of this study: its folder, its name or the beginning of its name"),
  episodes: z.int().min(1).max(100).default(1).describe("episodes to play"),
  out: z.string().default("episode.gif").describe("a .gif film, or a .png strip of eight frames"),
  seed: z.int().min(0).default(0).describe("decides the games and the random actions"),
  epsilon: z.number().min(0).max(1).default(0.001).describe("share of random actions"),
  maxFrames: z.int().min(1).max(5000).default(600).describe("frames after which to cut an episode"),
  framesPerSecond: z.int().min(1).max(50).default(12).describe("speed of the film"),
});

const output = z.object({
  out: z.string(),
  episodeReturns: z.array(z.number()),
  frames: z.number(),
  focusInside: z.number().nullable(),
  focusArea: z.number(),
  slopeUnevenness: z.number(),
  dormantByLayer: z.record(z.string(), z.number()),
});

/** Frames of a strip. */
const stripLength = 8;

/** `watch`: plays a run's agent and films what it sees. */
export const watchCommand: Command<z.infer<typeof input>, z.infer<typeof output>> = {
  name: "watch",
  summary: "Play a run's agent and film the game, its Grad-CAM, its values and its dormant units",
  positional: ["run"],
  readsRuns: true,
  input,
  output,
  examples: ["watch minatar-quick --episodes 1 --out episode.gif"],
  async run(given, { openRun, compute, progress, writeFile, signal }) {
    const encoding = /\.(gif|png)$/i.exec(given.out)?.[1].toLowerCase();
    if (encoding === undefined) {
      throw new InputError(
        "E_PICTURE_FORMAT",
        `watch: out must end in .gif or .png; got ${JSON.stringify(given.out)}`,
      );
    }
    const { config, params } = await readAgent(
      "watch",
      given.run,
      openRun === undefined ? {} : { openRun },
    );
    const frames: WatchedFrame[] = [];
    const playing = watchEpisodes(config, {
      ...given,
      params,
      key: key(given.seed),
      compute,
    });
    for await (const frame of playing) {
      signal.throwIfAborted();
      frames.push(frame);
      if (frames.length % 20 === 0) progress(`frame ${frames.length}`);
    }
    const scale = filmScale(frames);
    const shown = encoding === "gif" ? frames.map((_, index) => index) : spread(frames.length);
    const pictures = shown.map((index) => drawFrame(frames, index, scale));
    await writeFile(
      given.out,
      encoding === "gif" ? encodeGif(pictures, given) : encodeStrip(pictures),
    );
    return { out: given.out, ...summary(frames) };
  },
};

/** Indices of a strip's frames, evenly over a film. */
function spread(length: number): number[] {
  const count = Math.min(stripLength, length);
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * length) / count));
}

function summary(frames: readonly WatchedFrame[]): Omit<z.infer<typeof output>, "out"> {
  const last = frames[frames.length - 1];
  const mean = (numbers: readonly number[]): number =>
    numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const inside = frames.map(({ focusInside }) => focusInside).filter((share) => share !== null);
  const returns: number[] = [];
  for (const { episode, episodeReturn } of frames) returns[episode] = episodeReturn;
  return {
    episodeReturns: returns,
    frames: frames.length,
    focusInside: inside.length === 0 ? null : mean(inside),
    focusArea: mean(frames.map(({ focusArea }) => focusArea)),
    slopeUnevenness: mean(frames.map(({ unevenness }) => unevenness)),
    dormantByLayer: { ...last.dormant },
  };
}
