/**
 * Absolute budgets of the environments, in processor time of one process; run by
 * `npm run bench -- budgets --only pixel-rl`. A step is an action by chance and the board that follows.
 */
import { key, streamOf } from "@quadrivium/core";
import { MinAtarEnvironment } from "@quadrivium/pixel-rl";

const steps = 200_000;
const actions = Uint8Array.from(
  { length: steps },
  (
    (stream) => () =>
      stream.below(6)
  )(streamOf(key(0))),
);

/** Processor milliseconds of `steps` steps with their observations, over as many episodes as it takes. */
function play(game, levels) {
  const environment = new MinAtarEnvironment(game, { seed: 0, levels });
  const board = new Uint8Array(environment.observationShape.reduce((product, n) => product * n, 1));
  const before = process.cpuUsage();
  for (let step = 0; step < steps; step++) {
    environment.step(actions[step]);
    environment.observe(board);
    if (environment.terminated) environment.reset();
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Steps a second that are asked for. */
const rates = {
  asterix: 1e6,
  breakout: 1e6,
  freeway: 1e6,
  seaquest: 1e6,
  space_invaders: 5e5,
};

const levels = Array.from({ length: 100 }, (_, seed) => key(seed));

export const budgets = Object.entries(rates).flatMap(([game, rate]) =>
  [
    [`${game}: ${steps} steps with their observations`, []],
    [`${game}: the same on ${levels.length} levels`, levels],
  ].map(([name, levels]) => ({
    name,
    budgetMs: (1000 * steps) / rate,
    measure: () => play(game, levels),
  })),
);
