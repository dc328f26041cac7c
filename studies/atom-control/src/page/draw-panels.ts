import type { RateGrid } from "./rate-grid.js";
import type { ShownPark } from "./session-view.js";

const soft = "#9aa3ad";

function cleared(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d")!;
  context.fillStyle = "#0b0d0f";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.font = "12px system-ui, sans-serif";
  return context;
}

/** Draws the counts of a stay, the levels to be told apart, and where the step was seen. */
export function drawTrace(canvas: HTMLCanvasElement, park: ShownPark | null): void {
  const context = cleared(canvas);
  const parked = park?.parked ?? null;
  if (park === null || parked === null || parked.trace.length === 0) {
    context.fillStyle = soft;
    context.fillText(
      park !== null && parked === null ? "the beam is parked …" : "no trace",
      10,
      20,
    );
    return;
  }
  const perMs = parked.trace.map((counts) => counts / parked.sampleMs);
  // as many bins as the eye can tell
  const width = Math.max(1, Math.floor(perMs.length / 200));
  const bins: number[] = [];
  for (let n = 0; n < perMs.length; n += width) {
    const part = perMs.slice(n, n + width);
    bins.push(part.reduce((sum, value) => sum + value, 0) / part.length);
  }
  const top = 1.15 * Math.max(...bins, park.levels?.after ?? 0, park.levels?.before ?? 0);
  const y = (level: number): number => canvas.height - 18 - (level / top) * (canvas.height - 26);
  const x = (n: number): number => 8 + ((n + 0.5) / bins.length) * (canvas.width - 16);
  for (const [name, level] of Object.entries(park.levels ?? {})) {
    context.strokeStyle = name === "after" ? "#ffb000" : "#3fa7ff";
    context.setLineDash([4, 4]);
    context.beginPath();
    context.moveTo(8, y(level));
    context.lineTo(canvas.width - 8, y(level));
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = context.strokeStyle;
    context.fillText(name === "after" ? "silicon here" : "silicon away", 12, y(level) - 4);
  }
  context.strokeStyle = "#e6e8eb";
  context.beginPath();
  bins.forEach((level, n) => context.lineTo(x(n), y(level)));
  context.stroke();
  const seconds = ((parked.endMs - parked.startMs) / 1000).toFixed(2);
  context.fillStyle = soft;
  context.fillText(`0 s`, 8, canvas.height - 4);
  const end = parked.reason === "arrival" ? `step seen, blanked at ${seconds} s` : `${seconds} s`;
  context.textAlign = "right";
  context.fillText(end, canvas.width - 8, canvas.height - 4);
  context.textAlign = "left";
}

/** Draws the rates that are planned on, and beside them how uncertain they are. */
export function drawRates(canvas: HTMLCanvasElement, grid: RateGrid | null): void {
  const context = cleared(canvas);
  if (grid === null) {
    context.fillStyle = soft;
    context.fillText("no rates are planned on", 10, 20);
    return;
  }
  const side = canvas.height - 22;
  const most = Math.max(...grid.rate);
  drawGrid(context, { grid, left: 0, side, shade: (n) => grid.rate[n] / most });
  context.fillStyle = soft;
  context.fillText(`rate, up to ${most.toFixed(2)} a second`, 4, canvas.height - 6);
  const { logSpread } = grid;
  if (logSpread === null) {
    context.fillText("known exactly: the simulator's own", side + 16, 20);
    return;
  }
  drawGrid(context, { grid, left: side + 8, side, shade: (n) => Math.min(1, logSpread[n] / 1.5) });
  context.fillStyle = soft;
  context.fillText("uncertainty: bright is a factor of 4", side + 12, canvas.height - 6);
}

function drawGrid(
  context: CanvasRenderingContext2D,
  {
    grid,
    left,
    side,
    shade,
  }: {
    readonly grid: RateGrid;
    readonly left: number;
    readonly side: number;
    readonly shade: (cell: number) => number;
  },
): void {
  const cell = side / grid.cells;
  for (let n = 0; n < grid.cells ** 2; n++) {
    const value = Math.round(255 * Math.sqrt(Math.max(0, shade(n))));
    context.fillStyle = `rgb(${value}, ${Math.round(0.75 * value)}, ${Math.round(0.35 * value)})`;
    const [column, row] = [n % grid.cells, Math.floor(n / grid.cells)];
    context.fillRect(left + column * cell, row * cell, cell + 0.5, cell + 0.5);
  }
  const at = (along: number): number => left + (along / grid.reach / 2 + 0.5) * side;
  const dot = (along: number, colour: string): void => {
    context.beginPath();
    context.arc(at(along), side / 2, 4, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
  };
  dot(0, "#ffb000");
  dot(1, "#3fa7ff");
}
