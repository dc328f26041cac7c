import { siteKey, type Site } from "../model/honeycomb.js";
import type { ActionKernel } from "./action-kernels.js";

/** Kernels side by side, their outcomes as indices into one list of canonical sites. */
export interface KernelTable {
  readonly kernels: readonly ActionKernel[];
  /** All sites that silicon may reach by any of them, its own left out. */
  readonly sites: readonly Site[];
  /** Where each kernel's outcomes begin, and where the last one's end. */
  readonly starts: Int32Array;
  readonly site: Uint8Array | Uint16Array;
  readonly probability: Float64Array;
  /** Probability that silicon stays where it is. */
  readonly stays: Float64Array;
}

const home = siteKey({ i: 0, j: 0, sublattice: "A" });

/** Lays kernels out in flat arrays, which a sweep over many sites reads again and again. */
export function kernelTable(kernels: readonly ActionKernel[]): KernelTable {
  const indexOf = new Map<string, number>();
  const sites: Site[] = [];
  const starts = [0];
  const site: number[] = [];
  const probability: number[] = [];
  const stays = kernels.map(({ outcomes }) => {
    let staying = 0;
    for (const outcome of outcomes) {
      const name = siteKey(outcome.site);
      if (name === home) {
        staying += outcome.probability;
        continue;
      }
      let index = indexOf.get(name);
      if (index === undefined) {
        index = sites.length;
        indexOf.set(name, index);
        sites.push(outcome.site);
      }
      site.push(index);
      probability.push(outcome.probability);
    }
    starts.push(site.length);
    return staying;
  });
  return {
    kernels,
    sites,
    starts: Int32Array.from(starts),
    site: sites.length < 256 ? Uint8Array.from(site) : Uint16Array.from(site),
    probability: Float64Array.from(probability),
    stays: Float64Array.from(stays),
  };
}
