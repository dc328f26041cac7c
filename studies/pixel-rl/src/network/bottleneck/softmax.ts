import { lax, np } from "@quadrivium/engine";

/** Softmax along one axis. @owns consumes logits */
export function softmax(logits: np.Array, axis: number): np.Array {
  const peak = lax.stopGradient(np.max(logits.ref, axis, { keepdims: true }));
  const powers = np.exp(logits.sub(peak));
  return powers.ref.div(np.sum(powers, axis, { keepdims: true }));
}
