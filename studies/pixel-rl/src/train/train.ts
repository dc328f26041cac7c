import { foldIn, type Event, type TrainContext } from "@quadrivium/core";
import type { AgentConfig } from "../config.js";
import { costsOf } from "../network/costs.js";
import { openPolicyPlay } from "../ppo/policy-play.js";
import { playLevels } from "./play-levels.js";
import { openPlay } from "./play.js";
import type { TrainingResult } from "./result.js";
import { openWatch } from "./watch-network.js";

/** Frames between two reports of the mean return. */
const reportEvery = 5000;

/** Samples that a network is looked into with, and no fewer than a batch. */
const leastProbe = 128;

/**
 * Trains one agent and tells what happens as it happens.
 *
 * The key decides everything: child 0 the initial parameters and noise, child 1 the environment's
 * seed, exploration and sampling, child 2 the observations it is examined on in the end, child 3
 * those on the way and child 4 the levels played in the end. The clock counts frames. The metric
 * `meanReturn` is over the episodes that ended in the last `returnWindow` frames; every
 * `examineEvery` frames others tell of the network.
 *
 * @throws E_CHECKPOINT if a checkpoint is given that this study did not write
 */
export async function* train(
  config: AgentConfig,
  context: TrainContext,
): AsyncGenerator<Event<TrainingResult>, void, void> {
  const { key, compute, signal, checkpoint } = context;
  const open = config.algorithm === "ppo" ? openPolicyPlay : openPlay;
  const session = await open(config, { key, compute, checkpoint });
  const watch = openWatch(config, session, compute);
  const probeSize = Math.max(leastProbe, config.batchSize);
  try {
    const at = () => ({ clock: "frame", n: session.frame });
    const from = { frame: session.frame, updates: session.updates, timeMs: performance.now() };
    while (session.frame < config.frames) {
      const before = session.frame;
      await session.advance();
      const { frame } = session;
      const passed = (period: number): boolean =>
        Math.floor(frame / period) > Math.floor(before / period);
      if (passed(100)) yield { kind: "step", ...at(), total: config.frames };
      if (passed(reportEvery)) {
        const meanReturn = session.returns.mean(frame);
        if (meanReturn !== null) {
          yield { kind: "metric", name: "meanReturn", value: meanReturn, ...at() };
        }
      }
      if (config.examineEvery > 0 && passed(config.examineEvery)) {
        const probe = session.probe(probeSize, foldIn(foldIn(key, 3), frame));
        const seen = probe === null ? {} : await watch.metrics(probe);
        for (const [name, value] of Object.entries(seen)) {
          yield { kind: "metric", name, value, ...at() };
        }
      }
      if (signal.aborted || passed(config.checkpointEvery) || frame >= config.frames) {
        yield { kind: "checkpoint", ...at(), ...(await session.checkpoint()) };
      }
      if (signal.aborted) return;
    }
    const seconds = (performance.now() - from.timeMs) / 1000;
    const costs = costsOf(session.network);
    const probe = session.probe(probeSize, foldIn(key, 2));
    yield {
      kind: "done",
      result: {
        meanReturn: session.returns.mean(session.frame),
        episodesInWindow: session.returns.recent(session.frame).length,
        episodes: session.returns.numEpisodes,
        updates: session.updates,
        framesPerSecond: (session.frame - from.frame) / seconds,
        updatesPerSecond: (session.updates - from.updates) / seconds,
        numParams: costs.encoderParams + costs.bottleneckParams + costs.headParams,
        bottleneckShare: costs.bottleneckShare,
        sparsity: session.sparsity,
        levels: await playLevels(config, session, { key: foldIn(key, 4), compute, signal }),
        examination: probe === null ? null : await watch.examine(probe),
      },
    };
  } finally {
    await watch.dispose();
    await session.dispose();
  }
}
