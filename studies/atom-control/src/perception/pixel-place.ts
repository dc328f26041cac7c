/** A place in a frame, x right and y down from the centre of the top-left pixel. */
export interface PixelPlace {
  readonly xPx: number;
  readonly yPx: number;
}
