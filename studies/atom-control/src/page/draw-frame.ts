import { placedSite, sitesWithin } from "../perception/placed-lattice.js";
import type { SessionView } from "./session-view.js";

/** A frame's pixels with their display range. */
export interface Pixels {
  readonly counts: Float32Array;
  readonly px: number;
}

const colours = {
  silicon: "#ffb000",
  goal: "#5be37d",
  path: "#86b7f0",
  beam: "#ff6ad5",
  keepOut: "rgba(255, 84, 73, 0.35)",
  foreign: "#ff8a65",
  a: "rgba(63, 167, 255, 0.55)",
  b: "rgba(63, 167, 255, 0.25)",
};

/** Draws a frame with all that is known of it: positions are of pixels' centres. */
export function drawFrame(
  canvas: HTMLCanvasElement,
  view: SessionView,
  pixels: Pixels | null,
): void {
  const context = canvas.getContext("2d")!;
  context.fillStyle = "#000";
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (pixels === null || view.frame === null) return;
  drawPixels(context, pixels, canvas);
  const { px, fovAngstrom } = view.frame.input;
  const scale = canvas.width / px;
  const at = (x: number, y: number): readonly [number, number] => [
    (x + 0.5) * scale,
    (y + 0.5) * scale,
  ];
  const angstrom = canvas.width / fovAngstrom;
  const ring = (x: number, y: number, radius: number, colour: string, width = 2): void => {
    context.beginPath();
    context.arc(...at(x, y), radius, 0, 2 * Math.PI);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
  };
  for (const polygon of view.limits?.keepOut ?? []) {
    context.beginPath();
    for (const { x, y } of polygon) context.lineTo(x * canvas.width, y * canvas.height);
    context.closePath();
    context.fillStyle = colours.keepOut;
    context.fill();
  }
  const { decision } = view;
  if (decision?.lattice) {
    for (const site of sitesWithin(decision.lattice, { width: px, height: px }, 0)) {
      const { x, y } = placedSite(decision.lattice, site);
      ring(x, y, 0.22 * angstrom, site.sublattice === "A" ? colours.a : colours.b, 1);
    }
  }
  if (decision?.plan) {
    context.beginPath();
    for (const { xPx, yPx } of decision.plan.path) context.lineTo(...at(xPx, yPx));
    context.strokeStyle = colours.path;
    context.lineWidth = 2.5;
    context.stroke();
  }
  if (decision) {
    const [x, y] = at(decision.goal.xPx, decision.goal.yPx);
    context.strokeStyle = colours.goal;
    context.lineWidth = 2;
    context.strokeRect(x - 9, y - 9, 18, 18);
  }
  if (decision?.silicon) {
    const { xPx, yPx } = decision.silicon;
    ring(xPx, yPx, 0.55 * angstrom, colours.silicon);
    const [x, y] = at(xPx, yPx);
    label(context, `Si ${decision.belief.siliconPosterior.toFixed(3)}`, [x + 0.7 * angstrom, y]);
  }
  const { park } = view;
  if (park !== null && park.frameId === view.frame.input.frameId) {
    const error = Math.max(0.1, Math.min(decision?.belief.driftSdAngstrom ?? 0.1, 2));
    ring(park.xPx, park.yPx, error * angstrom, colours.beam, 1.5);
    const [x, y] = at(park.xPx, park.yPx);
    context.beginPath();
    context.moveTo(x - 8, y);
    context.lineTo(x + 8, y);
    context.moveTo(x, y - 8);
    context.lineTo(x, y + 8);
    context.stroke();
  }
  const action = decision?.action;
  for (const { xPx, yPx } of action?.type === "park" ? action.command.avoid : []) {
    ring(xPx, yPx, 0.5 * angstrom, colours.foreign);
  }
  if (action?.type === "look again") {
    context.fillStyle = "rgba(0, 0, 0, 0.7)";
    context.fillRect(0, canvas.height - 34, canvas.width, 34);
    label(context, `not used: ${action.reason}`, [10, canvas.height - 14], "#ffb4a9");
  }
  drawScaleBar(context, angstrom);
}

function label(
  context: CanvasRenderingContext2D,
  text: string,
  [x, y]: readonly [number, number],
  colour = colours.silicon,
): void {
  context.font = "600 14px system-ui, sans-serif";
  context.lineWidth = 3;
  context.strokeStyle = "rgba(0, 0, 0, 0.8)";
  context.strokeText(text, x, y + 5);
  context.fillStyle = colour;
  context.fillText(text, x, y + 5);
}

function drawScaleBar(context: CanvasRenderingContext2D, angstrom: number): void {
  context.fillStyle = "#fff";
  context.fillRect(12, 14, 5 * angstrom, 4);
  label(context, "5 Å", [12, 30], "#fff");
}

function drawPixels(
  context: CanvasRenderingContext2D,
  { counts, px }: Pixels,
  canvas: HTMLCanvasElement,
): void {
  const sorted = counts.filter(Number.isFinite).sort();
  const low = sorted[Math.floor(0.01 * sorted.length)] ?? 0;
  const high = sorted[Math.floor(0.998 * sorted.length)] ?? 1;
  const image = new ImageData(px, px);
  for (let n = 0; n < counts.length; n++) {
    // the root keeps carbon visible beside silicon
    const share = Math.sqrt(Math.min(1, Math.max(0, (counts[n] - low) / (high - low || 1))));
    image.data.set([255 * share, 255 * share, 255 * share, 255], 4 * n);
  }
  const small = new OffscreenCanvas(px, px);
  small.getContext("2d")!.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
}
