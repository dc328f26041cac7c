import type { np } from "@quadrivium/engine";
import { globalAveragePool, maxPool } from "@quadrivium/nn";
import type { MapShape } from "../plan.js";
import { coveringRegions, regionMeans } from "./regions.js";

/** A map's values side by side. @shape [batch, C, H, W] → [batch, C·H·W]. @owns borrows */
export function flattenMap(map: np.Array): np.Array {
  return map.ref.reshape([map.shape[0], -1]);
}

/** The mean over all places: $g_c = \frac1{HW}\sum_{ij} F_{ijc}$. @shape → [batch, C]. @owns borrows */
export function averageMap(map: np.Array): np.Array {
  return globalAveragePool(map, { layout: "channelsFirst" });
}

/** The largest value over all places. @shape → [batch, C]. @owns borrows */
export function maxMap(map: np.Array): np.Array {
  const [batch, channels, height, width] = map.shape;
  return maxPool(map, { window: [height, width], layout: "channelsFirst" }).reshape([
    batch,
    channels,
  ]);
}

/** Means over `size` × `size` regions that cover the map. @shape → [batch, C·size²]. @owns borrows */
export function poolMap(map: np.Array, shape: MapShape, size: number): np.Array {
  const means = regionMeans(map, coveringRegions(shape, size));
  return means.reshape([map.shape[0], map.shape[1] * size * size]);
}
