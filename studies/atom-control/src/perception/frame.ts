/** An image as a microscope takes it: rows run down, columns to the right. */
export interface Frame {
  /** Intensities, row-major. @shape [height, width] */
  readonly counts: Float32Array;
  readonly height: number;
  readonly width: number;
  /** As the file states it; `null` where it does not. */
  readonly pixelSizeAngstrom: number | null;
}
