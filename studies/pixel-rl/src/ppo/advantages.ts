/** What a rollout gave, frame by frame and in each frame game by game. @shape [frames · games] */
export interface RolloutValues {
  readonly rewards: ArrayLike<number>;
  /** Value of the state in which each action was taken. */
  readonly values: ArrayLike<number>;
  /** Value of the state that followed: 0 where the game ended, and of its last state if it was cut. */
  readonly nextValues: ArrayLike<number>;
  /** 1 where the episode was over after the action, however it ended. */
  readonly over: ArrayLike<number>;
}

/**
 * Generalized advantages: $A_t = \delta_t + \gamma\lambda A_{t+1}$ with
 * $\delta_t = r_t + \gamma V(s_{t+1}) - V(s_t)$; an episode's last action has $\delta_t$ alone.
 *
 * @source Schulman et al. 2016, "High-dimensional continuous control using generalized advantage
 *   estimation", Eq. 16
 */
export function generalizedAdvantages(
  { rewards, values, nextValues, over }: RolloutValues,
  given: { readonly numGames: number; readonly discount: number; readonly lambda: number },
): Float32Array {
  const { numGames, discount, lambda } = given;
  const advantages = new Float32Array(rewards.length);
  for (let t = rewards.length - 1; t >= 0; t--) {
    const error = rewards[t] + discount * nextValues[t] - values[t];
    const isLast = over[t] === 1 || t + numGames >= rewards.length;
    advantages[t] = error + (isLast ? 0 : discount * lambda * advantages[t + numGames]);
  }
  return advantages;
}
