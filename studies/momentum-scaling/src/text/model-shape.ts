/** Sizes of a language model. */
export interface ModelShape {
  readonly numSymbols: number;
  readonly width: number;
  readonly layers: number;
}

/** How many parameters a model has. */
export function numParamsOf({ numSymbols: V, width: W, layers }: ModelShape): number {
  return V * W + layers * (8 * W * W + 4 * W) + W * V + V;
}
