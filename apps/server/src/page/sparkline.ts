import { html, nothing, type Html } from "../html.js";

/**
 * A curve of a few values without axes, on a logarithmic scale where all are positive; nothing
 * where they are all the same.
 */
export function sparkline(history: readonly number[]): Html {
  if (history.every((value) => value === history[0])) return nothing;
  const values = history.every((value) => value > 0) ? history.map(Math.log) : history;
  const low = Math.min(...values);
  const range = Math.max(...values) - low;
  const points = values.map((value, index) => {
    const x = (100 * index) / (values.length - 1);
    const y = 22 - (20 * (value - low)) / range;
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return html`<svg class="spark" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
    <polyline points="${points.join(" ")}"></polyline>
  </svg>`;
}
