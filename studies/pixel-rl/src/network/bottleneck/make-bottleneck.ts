import type { LinearStyle } from "../linear.js";
import type { MapShape } from "../plan.js";
import type {
  Bottleneck,
  BottleneckName,
  BottleneckOptions,
  MakeBottleneck,
} from "./bottleneck.js";
import { attentionBottleneck } from "./attention.js";
import { hadamardBottleneck } from "./hadamard.js";
import { reducedBottleneck, reductions } from "./reduced.js";
import { softMoeBottleneck } from "./soft-moe.js";
import { tokensBottleneck } from "./tokens.js";

const makers: { readonly [name in BottleneckName]: MakeBottleneck } = {
  flatten: reducedBottleneck(reductions.flatten),
  gap: reducedBottleneck(reductions.gap),
  max: reducedBottleneck(reductions.max),
  pool: reducedBottleneck(reductions.pool),
  attention: attentionBottleneck,
  hadamard: hadamardBottleneck,
  "tokens-mean": tokensBottleneck("mean"),
  "tokens-sum": tokensBottleneck("sum"),
  "soft-moe": softMoeBottleneck,
};

/** The bottleneck of an option set for maps of a shape. */
export function makeBottleneck(
  map: MapShape,
  options: BottleneckOptions,
  style: LinearStyle,
): Bottleneck {
  return makers[options.bottleneck](map, options, style);
}
