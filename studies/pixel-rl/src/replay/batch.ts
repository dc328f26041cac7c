/** Samples from a replay, laid out for a program. */
export interface Batch {
  /** @shape [batch, channels, height, width] */
  readonly observationTm1: Float32Array;
  /** @shape [batch] */
  readonly actionTm1: Int32Array;
  /** Discounted sum of the rewards between the two observations. @shape [batch] */
  readonly rewardT: Float32Array;
  /** Factor on the second observation's value: γ^n, or 0 after the end. @shape [batch] */
  readonly discountT: Float32Array;
  /** @shape [batch, channels, height, width] */
  readonly observationT: Float32Array;
  /** Weight of each loss; 1/batch without priorities. @shape [batch] */
  readonly weights: Float32Array;
  /** Where each sample lies in the replay. @shape [batch] */
  readonly slots: Int32Array;
  /** What a stored byte is multiplied by. */
  readonly pixelScale: number;
}

/** An empty batch of a size, to be filled again and again. */
export function emptyBatch(
  size: number,
  options: { readonly observationSize: number; readonly pixelScale: number },
): Batch {
  const { observationSize, pixelScale } = options;
  return {
    observationTm1: new Float32Array(size * observationSize),
    actionTm1: new Int32Array(size),
    rewardT: new Float32Array(size),
    discountT: new Float32Array(size),
    observationT: new Float32Array(size * observationSize),
    weights: new Float32Array(size),
    slots: new Int32Array(size),
    pixelScale,
  };
}

/** The first samples of a batch, equally weighted. */
export function firstOf(batch: Batch, size: number): Batch {
  const part = <Data extends Float32Array | Int32Array>(data: Data): Data =>
    data.slice(0, (data.length / batch.actionTm1.length) * size) as Data;
  return {
    observationTm1: part(batch.observationTm1),
    actionTm1: part(batch.actionTm1),
    rewardT: part(batch.rewardT),
    discountT: part(batch.discountT),
    observationT: part(batch.observationT),
    weights: new Float32Array(size).fill(1 / size),
    slots: part(batch.slots),
    pixelScale: batch.pixelScale,
  };
}
