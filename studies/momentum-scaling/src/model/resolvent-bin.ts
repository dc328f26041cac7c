import { gaussLegendre } from "@quadrivium/numerics";
import type { Complex, ResolventPath } from "./resolvent.js";

/** The wide bins around the isolated eigenvalues need more nodes than the logarithmic ones. */
const wideRule = gaussLegendre(48);
const narrowRule = gaussLegendre(16);

/** What a stretch of the spectrum holds. */
export interface SpectralBin {
  /** Number of eigenvalues. */
  readonly modes: number;
  /** Their sum. */
  readonly trace: number;
  /** The target's squared components along them. */
  readonly energy: number;
  /** The same, each times its eigenvalue. */
  readonly weightedEnergy: number;
}

/** Integrates the resolvent over the upper half circle on a stretch of the real axis. */
export function integrateBin(
  path: ResolventPath,
  bin: { readonly bottom: number; readonly top: number; readonly dim: number },
): SpectralBin {
  const centre = (bin.bottom + bin.top) / 2;
  const radius = (bin.top - bin.bottom) / 2;
  let modes = 0;
  let trace = 0;
  let energy = 0;
  let weightedEnergy = 0;
  const halfCircle = bin.top > 1.3 * bin.bottom ? wideRule : narrowRule;
  for (let i = 0; i < halfCircle.nodes.length; i++) {
    const angle = (Math.PI / 2) * (halfCircle.nodes[i]! + 1); // right end first
    const z: Complex = [centre + radius * Math.cos(angle), radius * Math.sin(angle)];
    const m = path.at(z);
    const target = path.targetTrace(z, m);
    // dz = i·r·e^{iθ} dθ; the path runs from b to a, so the sign of every integral flips
    const w = -(Math.PI / 2) * halfCircle.weights[i]!;
    const dzRe = -w * radius * Math.sin(angle);
    const dzIm = w * radius * Math.cos(angle);
    const gRe = 1 - m[0];
    const gIm = -m[1];
    trace += gRe * dzIm + gIm * dzRe;
    const size = z[0] * z[0] + z[1] * z[1];
    const hRe = (gRe * z[0] + gIm * z[1]) / size;
    const hIm = (gIm * z[0] - gRe * z[1]) / size;
    modes += hRe * dzIm + hIm * dzRe;
    energy += target[0] * dzIm + target[1] * dzRe;
    const tRe = target[0] * z[0] - target[1] * z[1];
    const tIm = target[0] * z[1] + target[1] * z[0];
    weightedEnergy += tRe * dzIm + tIm * dzRe;
  }
  return {
    modes: (bin.dim / Math.PI) * modes,
    trace: (bin.dim / Math.PI) * trace,
    energy: energy / Math.PI,
    weightedEnergy: weightedEnergy / Math.PI,
  };
}
