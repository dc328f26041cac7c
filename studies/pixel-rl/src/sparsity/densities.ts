/** Lengths of a layer's kernel by its path in the parameter tree. */
export type LayerShapes = { readonly [path: string]: readonly number[] };

/**
 * How dense each layer is when together they keep a share of their weights: in proportion to the sum
 * of its lengths over their product, so that small layers stay dense, and never above 1.
 *
 * @param density share of all weights that are kept, in (0, 1]
 * @source Evci et al. 2020, "Rigging the lottery", §3: Erdős–Rényi-kernel
 */
export function layerDensities(
  shapes: LayerShapes,
  density: number,
): { readonly [path: string]: number } {
  const paths = Object.keys(shapes);
  const sizeOf = (path: string): number => shapes[path].reduce((a, b) => a * b, 1);
  const sumOf = (path: string): number => shapes[path].reduce((a, b) => a + b, 0);
  const full = new Set<string>();
  const budget = density * paths.reduce((sum, path) => sum + sizeOf(path), 0);
  for (;;) {
    const free = paths.filter((path) => !full.has(path));
    const left = budget - [...full].reduce((sum, path) => sum + sizeOf(path), 0);
    const scale = left / free.reduce((sum, path) => sum + sumOf(path), 0);
    const over = free.filter((path) => scale * sumOf(path) > sizeOf(path));
    if (over.length === 0) {
      const shareOf = (path: string): number => (scale * sumOf(path)) / sizeOf(path);
      return Object.fromEntries(paths.map((path) => [path, full.has(path) ? 1 : shareOf(path)]));
    }
    for (const path of over) full.add(path);
  }
}
