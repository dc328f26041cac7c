import { key, type HostArray } from "@quadrivium/core";
import type { Command, CommandContext } from "@quadrivium/config";
import { z } from "zod";
import { networkOf, type AgentConfig } from "../config.js";
import { bottleneckAnatomy } from "../diagnostics/bottleneck-anatomy.js";
import { openLooker } from "../diagnostics/look.js";
import { translationSensitivity } from "../diagnostics/translation.js";
import type { NetworkParams } from "../network/network.js";
import { denseOf, flattenedToPooled } from "../network/surgery.js";
import { watchEpisodes } from "../watch/watch-episodes.js";
import { readAgent } from "./run-agent.js";

const input = z.object({
  run: z
    .string()
    .describe("a run of this study: its folder, its name or the beginning of its name"),
  episodes: z.int().min(1).max(1000).default(10).describe("episodes to play with each network"),
  reach: z.int().min(0).max(8).default(2).describe("pixels by which images are moved, each way"),
  images: z.int().min(1).max(200).default(10).describe("images that are moved"),
  seed: z.int().min(0).default(0).describe("decides the games"),
});

const output = z.object({
  map: z.array(z.number()),
  energyByPlace: z.array(z.number()).nullable(),
  placeAlignment: z.number().nullable(),
  lostByPooling: z.number().nullable(),
  effectiveRank: z.number().nullable(),
  meanReturn: z.number(),
  pooledMeanReturn: z.number().nullable(),
  translationSensitivity: z.array(z.number()),
});

type Input = z.infer<typeof input>;
type Output = z.infer<typeof output>;

/** Frames after which an episode is cut. */
const maxFrames = 1000;

/** `anatomy`: takes a trained bottleneck apart, pools it by surgery, and moves its images. */
export const anatomyCommand: Command<Input, Output> = {
  name: "anatomy",
  summary: "Take a run's bottleneck apart by place, pool it by surgery, and move its images",
  positional: ["run"],
  readsRuns: true,
  input,
  output,
  examples: ["anatomy pixel-rl-minatar-quick --episodes 20"],
  async run(given, context) {
    const { config, params } = await readAgent("anatomy", given.run, context);
    const { height, width, channels } = networkOf(config).map;
    const played = await play(config, params, given, context);
    const isPlain = config.bottleneck === "flatten" && !config.noisy;
    const anatomy = isPlain ? anatomyOf(config, params) : null;
    const pooled = isPlain
      ? await play(
          { ...config, bottleneck: "gap" },
          flattenedToPooled(params, { height, width, channels }),
          given,
          context,
        )
      : null;
    return {
      map: [height, width, channels],
      energyByPlace: anatomy === null ? null : [...anatomy.energyByPlace],
      placeAlignment: anatomy?.placeAlignment ?? null,
      lostByPooling: anatomy?.lostByPooling ?? null,
      effectiveRank: anatomy?.effectiveRank ?? null,
      meanReturn: played.meanReturn,
      pooledMeanReturn: pooled?.meanReturn ?? null,
      translationSensitivity: await sensitivity(config, params, {
        ...context,
        reach: given.reach,
        images: played.images,
      }),
    };
  },
};

function anatomyOf(config: AgentConfig, params: NetworkParams<HostArray>) {
  const { height, width, channels } = networkOf(config).map;
  const places = height * width;
  const { kernel, units } = denseOf(params, places * channels);
  return bottleneckAnatomy(kernel, { places, units });
}

/** Mean return of greedy episodes, and images from the first of them. */
async function play(
  config: AgentConfig,
  params: NetworkParams<HostArray>,
  given: Input,
  { compute, signal, progress }: CommandContext,
): Promise<{ readonly meanReturn: number; readonly images: readonly Float32Array[] }> {
  const returns: number[] = [];
  const images: Float32Array[] = [];
  const playing = watchEpisodes(config, {
    params,
    key: key(given.seed),
    compute,
    episodes: given.episodes,
    epsilon: 0.001,
    maxFrames,
  });
  for await (const frame of playing) {
    signal.throwIfAborted();
    if (returns.length <= frame.episode) progress(`episode ${frame.episode + 1}`);
    returns[frame.episode] = frame.episodeReturn;
    if (images.length < given.images) images.push(frame.observation);
  }
  return { meanReturn: returns.reduce((sum, x) => sum + x, 0) / returns.length, images };
}

async function sensitivity(
  config: AgentConfig,
  params: NetworkParams<HostArray>,
  given: Pick<CommandContext, "compute"> & {
    readonly reach: number;
    readonly images: readonly Float32Array[];
  },
): Promise<number[]> {
  const network = networkOf(config);
  const looker = await openLooker(config, network, { params, compute: given.compute });
  try {
    return await translationSensitivity(given.images, network.input, {
      reach: given.reach,
      valuesOf: async (image) => (await looker.look(image)).values,
    });
  } finally {
    await looker.dispose();
  }
}
