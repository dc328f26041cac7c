import { foldIn, type Event, type TrainContext } from "@quadrivium/core";
import { openAgent } from "../agent/agent.js";
import type { AgentConfig } from "../config.js";
import { openWatch } from "./watch-network.js";
import { costsOf } from "../network/costs.js";
import { fromCheckpoint, toCheckpoint } from "./checkpoint.js";
import { playLevels } from "./play-levels.js";
import { Play } from "./play.js";
import type { TrainingResult } from "./result.js";

/** Frames between two reports of the mean return. */
const reportEvery = 5000;

/** Samples that a network is looked into with, and no fewer than a batch. */
const leastProbe = 128;

/**
 * Trains one agent and tells what happens as it happens.
 *
 * The key decides everything: child 0 the initial parameters and noise, child 1 the environment's
 * seed, exploration and sampling, child 2 the observations it is examined on in the end, child 3
 * those on the way and child 4 the levels played in the end. The clock counts frames. The metric `meanReturn` is over the episodes that ended
 * in the last `returnWindow` frames; every `examineEvery` frames others tell of the network.
 *
 * @throws E_CHECKPOINT if a checkpoint is given that this study did not write
 */
export async function* train(
  config: AgentConfig,
  context: TrainContext,
): AsyncGenerator<Event<TrainingResult>, void, void> {
  const { key, compute, signal, checkpoint } = context;
  const saved = checkpoint === undefined ? undefined : fromCheckpoint(checkpoint);
  const agent = await openAgent(config, {
    key: foldIn(key, 0),
    compute,
    ...(saved === undefined ? {} : { saved: saved.agent }),
  });
  const watch = openWatch(config, agent, compute);
  const probeSize = Math.max(leastProbe, config.batchSize);
  try {
    const play = new Play(config, agent, {
      key: foldIn(key, 1),
      ...(saved === undefined ? {} : { saved }),
    });
    if (saved !== undefined) await play.replay.restore(saved.replay);
    const at = () => ({ clock: "frame", n: play.frame });
    const from = { frame: play.frame, updates: play.updates, timeMs: performance.now() };
    while (play.frame < config.frames) {
      await play.advance();
      const { frame } = play;
      if (frame % 100 === 0) yield { kind: "step", ...at(), total: config.frames };
      if (frame % reportEvery === 0) {
        const meanReturn = play.returns.mean(frame);
        if (meanReturn !== null) {
          yield { kind: "metric", name: "meanReturn", value: meanReturn, ...at() };
        }
      }
      if (config.examineEvery > 0 && frame % config.examineEvery === 0) {
        const probe = play.probe(probeSize, foldIn(foldIn(key, 3), frame));
        const seen = probe === null ? {} : await watch.metrics(probe, play.updates);
        for (const [name, value] of Object.entries(seen)) {
          yield { kind: "metric", name, value, ...at() };
        }
      }
      if (signal.aborted || frame % config.checkpointEvery === 0 || frame === config.frames) {
        yield { kind: "checkpoint", ...at(), ...toCheckpoint(await play.save()) };
      }
      if (signal.aborted) return;
    }
    const seconds = (performance.now() - from.timeMs) / 1000;
    const costs = costsOf(agent.network);
    const probe = play.probe(probeSize, foldIn(key, 2));
    yield {
      kind: "done",
      result: {
        meanReturn: play.returns.mean(play.frame),
        episodesInWindow: play.returns.recent(play.frame).length,
        episodes: play.returns.numEpisodes,
        updates: play.updates,
        framesPerSecond: (play.frame - from.frame) / seconds,
        updatesPerSecond: (play.updates - from.updates) / seconds,
        numParams: costs.encoderParams + costs.bottleneckParams + costs.headParams,
        bottleneckShare: costs.bottleneckShare,
        sparsity: agent.sparsity,
        levels: await playLevels(config, agent, { key: foldIn(key, 4), compute, signal }),
        examination: probe === null ? null : await watch.examine(probe),
      },
    };
  } finally {
    await watch.dispose();
    await agent.dispose();
  }
}
