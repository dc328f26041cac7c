import { InputError } from "@quadrivium/core";

/**
 * Mean scores of random play and of a human tester on Atari games: the 26 of Atari 100k, and three
 * more.
 *
 * @source Mnih et al. 2015; Wang et al. 2016, Table 2; as in Dopamine and DQN Zoo
 */
export const atariReferenceScores: {
  readonly [game: string]: readonly [random: number, human: number];
} = {
  Alien: [227.8, 7127.7],
  Amidar: [5.8, 1719.5],
  Assault: [222.4, 742],
  Asterix: [210, 8503.3],
  BankHeist: [14.2, 753.1],
  BattleZone: [2360, 37_187.5],
  BeamRider: [363.9, 16_926.5],
  Boxing: [0.1, 12.1],
  Breakout: [1.7, 30.5],
  ChopperCommand: [811, 7387.8],
  CrazyClimber: [10_780.5, 35_829.4],
  DemonAttack: [152.1, 1971],
  Freeway: [0, 29.6],
  Frostbite: [65.2, 4334.7],
  Gopher: [257.6, 2412.5],
  Hero: [1027, 30_826.4],
  Jamesbond: [29, 302.8],
  Kangaroo: [52, 3035],
  Krull: [1598, 2665.5],
  KungFuMaster: [258.5, 22_736.3],
  MsPacman: [307.3, 6951.6],
  Pong: [-20.7, 14.6],
  PrivateEye: [24.9, 69_571.3],
  Qbert: [163.9, 13_455],
  RoadRunner: [11.5, 7845],
  Seaquest: [68.4, 42_054.7],
  SpaceInvaders: [148, 1668.7],
  UpNDown: [533.4, 11_693.2],
  WizardOfWor: [563.5, 4756.5],
};

/**
 * A score relative to random play, 0, and to a human's, 1:
 * $(s - s_{random}) / (s_{human} - s_{random})$.
 *
 * @param game as ALE spells it: `SpaceInvaders`, or `space_invaders`
 * @throws E_GAME if the game is not in {@link atariReferenceScores}
 */
export function humanNormalizedScore(game: string, score: number): number {
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/g, "");
  const found = Object.entries(atariReferenceScores).find(([name]) => plain(name) === plain(game));
  if (found === undefined) {
    throw new InputError(
      "E_GAME",
      `humanNormalizedScore: must be an Atari game with reference scores ` +
        `(${Object.keys(atariReferenceScores).join(", ")}); got ${JSON.stringify(game)}`,
    );
  }
  const [random, human] = found[1];
  return (score - random) / (human - random);
}
