import { foldIn, streamOf, type Compute, type HostArray, type Key } from "@quadrivium/core";
import { greedyAction } from "../agent/exploration.js";
import { FrameStack } from "../agent/frame-stack.js";
import { environmentOf, networkOf, type AgentConfig } from "../config.js";
import { dormantShare } from "../diagnostics/dormancy.js";
import { activationsOf } from "../diagnostics/examine.js";
import {
  enlarge,
  focusOn,
  gradCam,
  slopeUnevenness,
  type PlaceMap,
} from "../diagnostics/grad-cam.js";
import { openLooker, type Glance } from "../diagnostics/look.js";
import type { NetworkParams } from "../network/network.js";

/** One frame of an episode as it was watched. */
export interface WatchedFrame {
  /** The game's picture. @shape [3, height, width] */
  readonly picture: Uint8Array;
  readonly pictureShape: readonly [height: number, width: number];
  /** What the network saw. @shape [channels, height, width] of its input, flat */
  readonly observation: Float32Array;
  readonly values: Float32Array;
  readonly action: number;
  /** Where the best action's value comes from, in the frame's pixels. */
  readonly cam: PlaceMap;
  /** Share of the map's mass on objects, and their share of the frame. */
  readonly focusInside: number | null;
  readonly focusArea: number;
  /** See {@link slopeUnevenness}. */
  readonly unevenness: number;
  /** Share of 0.1-dormant units by layer, over the episode so far. */
  readonly dormant: { readonly [layer: string]: number };
  readonly episode: number;
  /** Reward of the episode so far, this frame's included. */
  readonly episodeReturn: number;
}

/** Plays a trained network and looks into it at every frame. */
export async function* watchEpisodes(
  config: AgentConfig,
  given: {
    readonly params: NetworkParams<HostArray>;
    readonly key: Key;
    readonly compute: Compute;
    readonly episodes: number;
    /** Share of random actions. */
    readonly epsilon: number;
    /** Frames after which an episode is cut short. */
    readonly maxFrames: number;
  },
): AsyncGenerator<WatchedFrame> {
  const { key, epsilon } = given;
  const environment = environmentOf(config, streamOf(foldIn(key, 0)).nextUint32());
  const { frameShape, pixelScale, pictureShape, numActions } = environment;
  const [channels, height, width] = frameShape;
  const frameSize = channels * height * width;
  const stack = new FrameStack({ frameSize, frameStack: config.frameStack, pixelScale });
  const frame = new Uint8Array(frameSize);
  const mask = new Uint8Array(height * width);
  const stream = streamOf(foldIn(key, 1));
  const network = networkOf(config);
  const looker = await openLooker(config, network, given);
  try {
    for (let episode = 0; episode < given.episodes; episode++) {
      if (episode > 0) environment.reset();
      stack.clear();
      const activity = new ActivityLog();
      let episodeReturn = 0;
      for (let n = 0; n < given.maxFrames && !environment.terminated; n++) {
        environment.observe(frame);
        stack.push(frame);
        const glance = await looker.look(stack.observation);
        activity.add(glance.active);
        const cam = enlarge(gradCam(glance.map, glance.slope, network.map), height, width);
        environment.markObjects(mask);
        const picture = new Uint8Array(3 * pictureShape[0] * pictureShape[1]);
        environment.picture(picture);
        const isRandom = epsilon > 0 && stream.uniform() <= epsilon;
        const action = isRandom ? stream.below(numActions) : greedyAction(glance.values);
        episodeReturn += environment.step(action);
        const focus = focusOn(cam, mask);
        yield {
          picture,
          pictureShape,
          observation: stack.observation.slice(),
          values: glance.values,
          action,
          cam,
          focusInside: focus.inside,
          focusArea: focus.area,
          unevenness: slopeUnevenness(glance.slope, network.map.height * network.map.width),
          dormant: activity.dormant(),
          episode,
          episodeReturn,
        };
      }
    }
  } finally {
    await looker.dispose();
  }
}

/** Mean activity of every unit over the images seen so far. */
class ActivityLog {
  readonly #sums = new Map<string, Float64Array>();

  add(active: Glance["active"]): void {
    for (const [layer, array] of Object.entries(active)) {
      const { data, batch, units, places } = activationsOf(array);
      const sums = this.#sums.get(layer) ?? new Float64Array(units);
      for (let i = 0; i < data.length; i++) {
        sums[Math.floor(i / places) % units] += Math.abs(data[i]) / (batch * places);
      }
      this.#sums.set(layer, sums);
    }
  }

  /** Share of the units whose mean activity is a tenth or less of their layer's. */
  dormant(): { readonly [layer: string]: number } {
    return Object.fromEntries(
      [...this.#sums].map(([layer, data]) => [
        layer,
        dormantShare({ data, batch: 1, units: data.length, places: 1 }, 0.1),
      ]),
    );
  }
}
