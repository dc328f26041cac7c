import type { Claim } from "@quadrivium/core";
import { costsOf, type NetworkCosts } from "../network/costs.js";
import { makeNetwork } from "../network/network.js";
import { scaled, type ScaleMode } from "../network/scale.js";

/** Impala on Atari's images, as the paper runs it. */
function impala(bottleneck: "flatten" | "gap", scale: number, mode: ScaleMode): NetworkCosts {
  const network = makeNetwork(
    {
      encoder: "impala",
      padding: "SAME",
      bottleneck,
      poolSize: 2,
      tokens: "per-conv",
      numExperts: 1,
      coordinates: false,
      numActions: 6,
      numAtoms: 1,
      dueling: false,
      noisy: false,
      ...scaled(mode, scale, 512),
    },
    { height: 84, width: 84, channels: 4 },
  );
  return costsOf(network);
}

/** Counts need no runs and have no error. */
const exact = { interval: null, level: null, runs: 0 } as const;

/** What counting parameters and operations says: exact, for the paper's own network. */
export function* costClaims(): Generator<Claim> {
  const shares = [1, 2, 4, 8].map((scale) => impala("flatten", scale, "all").bottleneckShare);
  const least = Math.min(...shares);
  yield {
    id: "pixel-rl/bottleneck-holds-parameters",
    statement: "Flattened, the connection from encoder to dense layer holds nearly all parameters",
    source: "Sokar and Castro 2025, §3",
    statistic: "least share of encoder's and bottleneck's parameters, Impala ×1 to ×8 at 84×84×4",
    value: least,
    ...exact,
    threshold: "≥ 0.9",
    verdict: least >= 0.9 ? "supported" : "contradicted",
    note: "counted, not trained",
  };
  const [flat, pooled] = (["flatten", "gap"] as const).map((name) => impala(name, 4, "all"));
  const ratio = flat.bottleneckParams / pooled.bottleneckParams;
  yield {
    id: "pixel-rl/pooling-removes-parameters",
    statement: "Global average pooling removes all of them but one in a hundred",
    source: "Sokar and Castro 2025, §4",
    statistic: "bottleneck parameters, flattened over pooled, Impala ×4 at 84×84×4",
    value: ratio,
    ...exact,
    threshold: "≥ 100",
    verdict: ratio >= 100 ? "supported" : "contradicted",
    note: "counted, not trained; the map has 11 × 11 = 121 places",
  };
  const dense =
    impala("flatten", 4, "dense").forwardFlops / impala("flatten", 1, "dense").forwardFlops;
  yield {
    id: "pixel-rl/wide-dense-layer-is-cheap",
    statement:
      "A dense layer four times as wide costs few operations: its harm is no matter of compute",
    source: "ours, from the paper's network",
    statistic: "operations of a forward pass, dense ×4 over ×1, Impala ×1 flattened at 84×84×4",
    value: dense,
    ...exact,
    threshold: "≤ 1.15",
    verdict: dense <= 1.15 ? "supported" : "contradicted",
    note: "counted, not trained",
  };
}
