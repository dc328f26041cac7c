import { neighbours, siteKey, type Site, type Sublattice } from "./honeycomb.js";

/** The sites within some hops of a first one, and who neighbours whom. */
export interface Patch {
  /** In order of their distance in hops; the first is the centre. */
  readonly sites: readonly Site[];
  /** Hops from the centre. @shape [sites] */
  readonly hops: Uint8Array;
  /** Index of each site's three neighbours, −1 where one lies outside. @shape [sites, 3] */
  readonly neighbour: Int32Array;
}

const known = new Map<string, Patch>();

/**
 * The patch about the site of cell (0, 0), all sites within `maxHops` hops: $1 + \tfrac32 n(n+1)$ of
 * them.
 */
export function patchAbout(sublattice: Sublattice, maxHops: number): Patch {
  const name = `${sublattice}${maxHops}`;
  const found = known.get(name) ?? growPatch({ i: 0, j: 0, sublattice }, maxHops);
  known.set(name, found);
  return found;
}

function growPatch(centre: Site, maxHops: number): Patch {
  const sites: Site[] = [centre];
  const hops: number[] = [0];
  const index = new Map([[siteKey(centre), 0]]);
  for (let at = 0; at < sites.length; at++) {
    if (hops[at] === maxHops) break;
    for (const site of neighbours(sites[at])) {
      if (index.has(siteKey(site))) continue;
      index.set(siteKey(site), sites.length);
      sites.push(site);
      hops.push(hops[at] + 1);
    }
  }
  const neighbour = Int32Array.from(
    sites.flatMap((site) => neighbours(site).map((other) => index.get(siteKey(other)) ?? -1)),
  );
  return { sites, hops: Uint8Array.from(hops), neighbour };
}
