import { np } from "@quadrivium/engine";
import type { MapShape } from "./plan.js";

/** A shape with two more channels. */
export function withCoordinateChannels(shape: MapShape): MapShape {
  return { ...shape, channels: shape.channels + 2 };
}

/**
 * Images with two more channels that tell each place its row and its column, from −1 to 1.
 *
 * @param images @shape [batch, channels, height, width]. @owns borrows
 * @returns @shape [batch, channels + 2, height, width]
 * @source Liu et al. 2018, "An intriguing failing of convolutional neural networks and the CoordConv
 *   solution", §3
 */
export function withCoordinates(images: np.Array): np.Array {
  const [batch, , height, width] = images.shape;
  const planes = np
    .array(coordinatePlanes(height, width), { shape: [1, 2, height, width] })
    .astype(images.dtype)
    .mul(np.ones([batch, 1, 1, 1], { dtype: images.dtype }));
  return np.concatenate([images.ref, planes], 1);
}

function coordinatePlanes(height: number, width: number): Float32Array {
  const data = new Float32Array(2 * height * width);
  const along = (index: number, length: number): number =>
    length === 1 ? 0 : (2 * index) / (length - 1) - 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data[y * width + x] = along(y, height);
      data[(height + y) * width + x] = along(x, width);
    }
  }
  return data;
}
