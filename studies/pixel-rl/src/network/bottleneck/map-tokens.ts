import { np } from "@quadrivium/engine";
import type { MapShape } from "../plan.js";
import { numRegions, patchRegions, regionMeans } from "./regions.js";

/**
 * What a token is: the channels at one place (`per-conv`), all places of one channel
 * (`per-feature`), or the channels' means over 3 × 3 places (`per-patch`).
 *
 * @source Obando-Ceron et al. 2024, "Mixtures of experts unlock parameter scaling for deep RL", §3
 */
export const tokenKinds = ["per-conv", "per-feature", "per-patch"] as const;

export type TokenKind = (typeof tokenKinds)[number];

const patchSide = 3;

/** How many tokens a map gives, and how long each is. */
export function tokenShape(
  map: MapShape,
  kind: TokenKind,
): { readonly numTokens: number; readonly tokenSize: number } {
  const numPlaces = map.height * map.width;
  switch (kind) {
    case "per-conv":
      return { numTokens: numPlaces, tokenSize: map.channels };
    case "per-feature":
      return { numTokens: map.channels, tokenSize: numPlaces };
    case "per-patch":
      return { numTokens: numRegions(patchRegions(map, patchSide)), tokenSize: map.channels };
  }
}

/** A map as tokens. @shape [batch, C, H, W] → [batch, tokens, size]. @owns borrows */
export function tokensOf(map: np.Array, shape: MapShape, kind: TokenKind): np.Array {
  const { height, width, channels } = shape;
  const channelRows = (): np.Array => map.ref.reshape([map.shape[0], channels, height * width]);
  switch (kind) {
    case "per-conv":
      return np.transpose(channelRows(), [0, 2, 1]);
    case "per-feature":
      return channelRows();
    case "per-patch":
      return np.transpose(regionMeans(map, patchRegions(shape, patchSide)), [0, 2, 1]);
  }
}
