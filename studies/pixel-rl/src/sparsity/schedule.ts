/**
 * The share of weights that gradual pruning has removed:
 * $s_t = s_F\bigl(1 - (1 - \tfrac{t - t_0}{t_1 - t_0})^3\bigr)$, 0 before $t_0$ and $s_F$ after
 * $t_1$. Symbols: $s_F$ → `sparsity`, $t$ → `progress`, $t_0, t_1$ → `from`, `to`, all as shares of
 * the training.
 *
 * @source Zhu and Gupta 2017, "To prune, or not to prune", Eq. 1; Obando-Ceron et al. 2024, "In
 *   value-based deep reinforcement learning, a pruned network is a good network", §3: 0.2 to 0.8
 */
export function prunedShare(
  progress: number,
  options: { readonly sparsity: number; readonly from?: number; readonly to?: number },
): number {
  const { sparsity, from = 0.2, to = 0.8 } = options;
  const done = Math.min(1, Math.max(0, (progress - from) / (to - from)));
  return sparsity * (1 - (1 - done) ** 3);
}

/**
 * The share of a layer's weights that RigL exchanges: $\frac\alpha2 (1 + \cos(\pi t / T))$, 0 from
 * $T$ on. Symbols: $\alpha$ → `first` [0.3], $t$ → `progress`, $T$ → `until` [0.75], shares of the
 * training.
 *
 * @source Evci et al. 2020, "Rigging the lottery", §3
 */
export function exchangedShare(
  progress: number,
  { first = 0.3, until = 0.75 }: { readonly first?: number; readonly until?: number } = {},
): number {
  return progress >= until ? 0 : (first / 2) * (1 + Math.cos((Math.PI * progress) / until));
}
