import type { Frame } from "./frame.js";
import { quantileOf } from "./image.js";
import type { LocatedFrame } from "./located-frame.js";

/** Pixels on the screen for one of the frame, at least so many for the whole. */
const screenSide = 900;

const classColours = { carbon: "#3fa7ff", vacancy: "#ff4fd8", unknown: "#9a9a9a" } as const;

/**
 * An SVG of a frame with what was found in it: sites by class, bonds' grid, silicon and foreign
 * atoms, and the verdict. The frame's own pixels are drawn as grey squares, darkest first.
 */
export function overlaySvg(frame: Frame, located: LocatedFrame, title: string): string {
  const { width, height } = frame;
  const scale = screenSide / Math.max(width, height);
  const bond = located.pixelSizeAngstrom === null ? 10 / scale : 1.42 / located.pixelSizeAngstrom;
  const at = (px: number): string => ((px + 0.5) * scale).toFixed(1);
  const radius = (bonds: number): string => (bonds * bond * scale).toFixed(1);
  const sites = located.sites.map(({ xPx, yPx, posterior, sublattice }) => {
    const [name] = (["carbon", "vacancy", "unknown"] as const).filter(
      (which) => posterior[which] > 0.5,
    );
    if (name === undefined) return "";
    const fill = sublattice === "A" ? classColours[name] : "none";
    return `<circle cx="${at(xPx)}" cy="${at(yPx)}" r="${radius(0.12)}" fill="${fill}" stroke="${classColours[name]}"/>`;
  });
  const silicon = located.silicon.map(
    ({ xPx, yPx, coordination, sublattice, posterior }) =>
      `<circle cx="${at(xPx)}" cy="${at(yPx)}" r="${radius(0.5)}" fill="none" stroke="#ffb000" stroke-width="2"/>` +
      `<text x="${at(xPx + 0.6 * bond)}" y="${at(yPx)}" fill="#ffb000">Si ${coordination}-fold ${sublattice ?? ""} ${posterior.toFixed(3)}</text>`,
  );
  const foreign = located.foreign.map(
    ({ xPx, yPx }) =>
      `<circle cx="${at(xPx)}" cy="${at(yPx)}" r="${radius(0.5)}" fill="none" stroke="#ff3030" stroke-width="2"/>`,
  );
  const verdict = located.accepted ? "accepted" : "refused";
  const caption = [title, verdict, located.reason].filter((part) => part !== null).join(" · ");
  const w = (width * scale).toFixed(0);
  const h = (height * scale).toFixed(0);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -24 ${w} ${Number(h) + 24}" font-family="sans-serif" font-size="13">`,
    `<rect y="-24" width="${w}" height="${Number(h) + 24}" fill="#000"/>`,
    `<text x="4" y="-8" fill="#fff">${escaped(caption)}</text>`,
    greyPixels(frame, scale),
    ...sites,
    ...silicon,
    ...foreign,
    "</svg>",
  ].join("\n");
}

/** One path per grey level: rows of pixels of equal grey are one rectangle. */
function greyPixels({ counts, width, height }: Frame, scale: number): string {
  const finite = Array.from(counts.filter((v) => Number.isFinite(v)));
  const low = quantileOf(finite, 0.01);
  const high = quantileOf(finite, 0.997);
  const levels = 24;
  const paths: string[][] = Array.from({ length: levels }, () => []);
  const levelOf = (v: number): number => {
    const share = high > low && Number.isFinite(v) ? (v - low) / (high - low) : 0;
    return Math.max(0, Math.min(levels - 1, Math.floor(share * levels)));
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width;) {
      const level = levelOf(counts[y * width + x]);
      let end = x + 1;
      while (end < width && levelOf(counts[y * width + end]) === level) end++;
      if (level > 0) paths[level].push(`M${x} ${y}h${end - x}v1H${x}z`);
      x = end;
    }
  }
  const grey = (level: number): string => {
    const value = Math.round((255 * level) / (levels - 1));
    return `rgb(${value},${value},${value})`;
  };
  const drawn = paths
    .map((parts, level) =>
      parts.length === 0 ? "" : `<path d="${parts.join("")}" fill="${grey(level)}"/>`,
    )
    .join("\n");
  return `<g transform="scale(${scale})" shape-rendering="crispEdges">${drawn}</g>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
