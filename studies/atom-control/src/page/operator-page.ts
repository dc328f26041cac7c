import type { LogLine } from "../loop/chain-log.js";
import type { LedgerTotals } from "../loop/ledger.js";
import type { Limits } from "../loop/limits.js";
import { drawFrame, type Pixels } from "./draw-frame.js";
import { drawRates, drawTrace } from "./draw-panels.js";
import type { RateGrid } from "./rate-grid.js";
import { emptyView, eventText, type SessionView, viewAfter } from "./session-view.js";

// The operator's page: reads the log as it grows, shows any moment of it, and sends commands.

interface ServerState {
  readonly armed: boolean;
  readonly orientated: boolean;
  readonly walking: boolean;
  readonly totals: LedgerTotals;
  readonly limits: Limits;
}

const element = <T extends Element>(selector: string): T => document.querySelector<T>(selector)!;
const frameCanvas = element<HTMLCanvasElement>("#frame");
const slider = element<HTMLInputElement>("#moment");
const answer = element("#answer");
const token = element<HTMLInputElement>("#token");
const events = element("#events");

const lines: LogLine[] = [];
/** The view after every line: moments are looked up, not computed again. */
const views: SessionView[] = [];
const frames = new Map<string, Float32Array>();
let isLive = true;
let isScheduled = false;

token.value = decodeURIComponent(location.hash.slice(1));

function take(line: LogLine): void {
  if (line.seq !== lines.length) return; // heard already, when the log was read
  lines.push(line);
  views.push(viewAfter(views.at(-1) ?? emptyView, line, lines.length - 1));
  const event = eventText(line);
  if (event !== null) {
    const item = document.createElement("li");
    item.className = event.tone;
    item.dataset["line"] = String(line.seq);
    const time = document.createElement("time");
    time.textContent = seconds(line);
    item.append(time, event.text);
    events.prepend(item);
  }
}

function seconds(line: LogLine): string {
  return `${((line.monotonicMs - lines[0].monotonicMs) / 1000).toFixed(1)} s`;
}

function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  requestAnimationFrame(() => {
    isScheduled = false;
    draw();
  });
}

function draw(): void {
  slider.max = String(Math.max(0, lines.length - 1));
  if (isLive) slider.value = slider.max;
  const at = Number(slider.value);
  const view = views[at] ?? emptyView;
  drawFrame(frameCanvas, view, pixelsOf(view));
  drawTrace(element("#trace"), view.park);
  drawPlan(view);
  const line = lines[at];
  element("#moment-text").textContent =
    line === undefined
      ? ""
      : `${seconds(line)}${isLive ? ", live" : `, line ${at + 1} of ${lines.length}`}`;
  for (const item of events.children) {
    item.classList.toggle("later", Number((item as HTMLElement).dataset["line"]) > at);
  }
}

/** The pixels of a view's frame, where they have come; asks for them where not. */
function pixelsOf({ frame }: SessionView): Pixels | null {
  if (frame === null) return null;
  const counts = frames.get(frame.hash);
  if (counts !== undefined) return { counts, px: frame.input.px };
  void fetch(`/frames/${frame.hash}`)
    .then((response) => response.arrayBuffer())
    .then((bytes) => {
      frames.set(frame.hash, new Float32Array(bytes));
      // only the last ones are kept: a long session must not fill the page
      if (frames.size > 64) frames.delete(frames.keys().next().value!);
      schedule();
    });
  return null;
}

function drawPlan({ decision }: SessionView): void {
  const facts: [string, string][] = [];
  const plan = decision?.plan;
  if (plan) {
    const [early, late] = plan.timeS;
    facts.push(
      ["hops to the goal", String(plan.path.length - 1)],
      [
        "time",
        `${plan.expectedTimeS.toFixed(0)} s; ${early.toFixed(0)} to ${late.toFixed(0)} s in 9 of 10`,
      ],
      ["charge, 95 %", `${plan.charge95PicoC.toFixed(0)} pC`],
      ["failing", `${(100 * plan.failureShare).toFixed(1)} %`],
    );
  }
  if (decision) {
    const { belief } = decision;
    facts.push(
      ["silicon", belief.siliconPosterior.toFixed(4)],
      ["lattice residual", `${belief.latticeResidualAngstrom.toFixed(2)} Å`],
      ["drift, by the dwell's end", `${belief.driftSdAngstrom.toFixed(2)} Å`],
      ["goal followed", belief.goalPosterior.toFixed(3)],
    );
    if (belief.rateModelDoubt !== "") facts.push(["rate model", belief.rateModelDoubt]);
  }
  const model = (lines[0]?.data as { pilot?: { kind: string; rates?: { [key: string]: string } } })
    ?.pilot;
  if (model) {
    const { rates } = model;
    const from =
      rates === undefined
        ? ""
        : rates["source"] === "map"
          ? `map ${rates["name"]}`
          : `model ${rates["id"].slice(0, 12)}`;
    facts.push(["decides", `${model.kind} ${from}`]);
  }
  element("#plan").replaceChildren(
    ...facts.flatMap(([name, value]) => {
      const [term, text] = [document.createElement("dt"), document.createElement("dd")];
      term.textContent = name;
      text.textContent = value;
      return [term, text];
    }),
  );
}

function drawState({ armed, orientated, walking, totals, limits }: ServerState): void {
  const parts = [
    armed ? "armed" : "not armed",
    orientated ? "orientation checked" : "orientation not yet checked",
    walking ? "walking" : "at rest",
  ];
  element("#status").textContent = parts.join(" · ");
  const gauges: [string, number, number, string][] = [
    ["charge of the session", totals.sessionChargePicoC, limits.maxSessionChargePicoC, "pC"],
    ["greatest charge of a site", totals.maxSiteChargePicoC, limits.maxChargePerSitePicoC, "pC"],
    ["dose of the field", totals.fieldDose, limits.maxFieldDose, "e/Å²"],
    ["frames", totals.frames, limits.maxFrames, ""],
  ];
  element("#gauges").replaceChildren(
    ...gauges.map(([name, used, most, unit]) => {
      const gauge = document.createElement("div");
      gauge.className = used > 0.8 * most ? "gauge high" : "gauge";
      const figures = document.createElement("span");
      figures.textContent = `${short(used)} of ${short(most)} ${unit}`;
      const bar = document.createElement("div");
      const fill = document.createElement("div");
      fill.style.width = `${Math.min(100, (100 * used) / most)}%`;
      bar.append(fill);
      gauge.append(name, figures, bar);
      return gauge;
    }),
  );
}

function short(value: number): string {
  return value >= 1e5 ? value.toExponential(1) : value.toFixed(0);
}

async function post(path: string, body: object): Promise<void> {
  const response = await fetch(path, {
    method: "POST",
    headers: { authorization: `Bearer ${token.value}` },
    body: JSON.stringify(body),
  });
  const reply = (await response.json()) as { error?: string; code?: string };
  answer.textContent = response.ok ? "" : [reply.code, reply.error].filter(Boolean).join(": ");
  await refresh();
}

async function refresh(): Promise<void> {
  drawState((await (await fetch("/state")).json()) as ServerState);
}

const requests: { readonly [name: string]: () => Promise<void> } = {
  arm: () =>
    post("/arm", { session: element<HTMLInputElement>("#session-name").value, minutes: 10 }),
  walk: () => post("/walk", {}),
  pause: () => post("/pause", {}),
  look: () => post("/look", {}),
  blank: () => post("/command", { command: { type: "blank" } }),
  disarm: () => post("/disarm", {}),
};

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-post]")) {
  button.addEventListener("click", () => void requests[button.dataset["post"]!]());
}
element("#stop").addEventListener("click", () => void post("/stop", {}));
element("#controls").addEventListener("submit", (event) => event.preventDefault());
slider.addEventListener("input", () => {
  isLive = false;
  schedule();
});
element("#live").addEventListener("click", () => {
  isLive = true;
  schedule();
});
frameCanvas.addEventListener("click", ({ offsetX, offsetY }) => {
  const { frame } = views[Number(slider.value)] ?? emptyView;
  if (frame === null) return;
  const perPixel = frameCanvas.clientWidth / frame.input.px;
  const at = { xPx: offsetX / perPixel - 0.5, yPx: offsetY / perPixel - 0.5 };
  const what = element<HTMLInputElement>("input[name=click]:checked").value;
  if (what === "goal") void post("/goal", at);
  else if (what === "park") {
    const dwellTimeS = Number(element<HTMLInputElement>("#dwell").value);
    const { frameId } = frame.input;
    const command = { type: "park", frameId, ...at, dwellTimeS, stopOn: null, avoid: [] };
    void post("/command", { command });
  } else answer.textContent = `x ${at.xPx.toFixed(1)}, y ${at.yPx.toFixed(1)}`;
});

const source = new EventSource("/events");
source.addEventListener("open", () => {
  void fetch("/log")
    .then((response) => response.text())
    .then((text) => {
      for (const line of text.split("\n")) if (line !== "") take(JSON.parse(line) as LogLine);
      schedule();
    });
  void refresh();
});
source.addEventListener("message", ({ data }: MessageEvent<string>) => {
  take(JSON.parse(data) as LogLine);
  schedule();
  void refresh();
});
source.addEventListener("error", () => {
  element("#status").textContent = "The server has stopped, or cannot be reached.";
});
void fetch("/rates")
  .then((response) => response.json())
  .then((grid: RateGrid | null) => drawRates(element("#rates"), grid));
