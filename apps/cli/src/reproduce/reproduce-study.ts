import { join } from "node:path";
import { key, type Claim, type Compute, type Figure } from "@quadrivium/core";
import type { FinishedRun, PlannedRun, Study, Tier } from "@quadrivium/config";
import {
  finishedRun,
  openRun,
  showCodeVersion,
  thisMachine,
  type CodeVersion,
  type Run,
} from "@quadrivium/runs";
import type { ReproduceEvent } from "@quadrivium/server";
import type { Host } from "../host.js";
import { withMap } from "../lend-map.js";
import { newDocument } from "../new-document.js";
import { finishedRuns, judgedKey, keepJudged, readJudged, type Judged } from "./judged.js";
import { plannedSpec } from "./planned-spec.js";
import { RunViews, waitingRuns } from "./run-views.js";
import { reportRun, showMachine } from "./report-run.js";
import { trainPlanned } from "./train-planned.js";
import { resultsFolder, writeResults } from "./write-results.js";

/** What a reproduction is made with. */
export interface ReproduceOptions {
  readonly study: Study;
  readonly tier: Tier;
  readonly root: string;
  readonly compute: Compute;
  readonly jobs: number;
  readonly code: CodeVersion;
  readonly signal: AbortSignal;
  readonly tell: (event: ReproduceEvent) => void;
  readonly onNotice: (text: string) => void;
}

/** What a reproduction found, and where it is written. */
export interface Reproduced {
  readonly study: string;
  readonly claims: readonly Claim[];
  readonly report: string;
  readonly numRuns: number;
}

/**
 * Makes the runs that a study's claims need, judges the claims on them, draws the figures, and
 * writes a report. What was judged on the same runs by the same code is shown again at once.
 *
 * @returns what was found; `undefined` where a signal came first
 */
export async function reproduceStudy(
  host: Pick<Host, "workerEntry">,
  options: ReproduceOptions,
): Promise<Reproduced | undefined> {
  const { study, tier, root, code, tell } = options;
  const { name } = study;
  const plans = study.reproduction.plan(tier);
  const views = new RunViews(name, plans, tell);
  tell(planEvent(study, tier));
  const runs = await makeRuns(host, options, { plans, views });
  if (runs === undefined) return undefined;
  tell({ kind: "judging", study: name });
  const folder = resultsFolder(root, name, tier);
  const key = await judgedKey(study, tier, { runs, code });
  const kept = key === undefined ? undefined : await readJudged(folder, key);
  const found = kept ?? (await judgeRuns(host, options, { runs, plans }));
  if (found === undefined) return undefined;
  if (kept !== undefined) retell(options, kept);
  else if (key !== undefined) await keepJudged(folder, key, found);
  tell({ kind: "report", study: name, folder });
  const report = join(folder, "report.html");
  return { study: name, claims: found.claims, report, numRuns: runs.length };
}

/** What a study is going to run. */
export function planEvent({ name, title, paper, reproduction }: Study, tier: Tier): ReproduceEvent {
  const runs = waitingRuns(reproduction.plan(tier));
  return { kind: "plan", study: name, title, paper: paper.title, tier, runs };
}

interface Plans {
  readonly plans: readonly PlannedRun[];
}

/** The planned runs, made where they are not there; `undefined` where a signal came first. */
async function makeRuns(
  host: Pick<Host, "workerEntry">,
  options: ReproduceOptions,
  { plans, views }: Plans & { readonly views: RunViews },
): Promise<readonly Run[] | undefined> {
  const { study, root } = options;
  const specs = plans.map((plan) => plannedSpec(study, plan, options));
  const ready = await finishedRuns(root, specs);
  if (ready !== undefined) {
    for (const index of ready.keys()) views.end(index, "finished");
    return ready;
  }
  const folders = await trainPlanned(host, {
    ...options,
    plans,
    onProgress: (index, progress) => views.progress(index, progress),
    onEnd: (index, { outcome }) => views.end(index, outcome),
  });
  return folders === undefined ? undefined : Promise.all(folders.map(openRun));
}

/** Judges, draws and writes the report; `undefined` where a signal came first. */
async function judgeRuns(
  host: Pick<Host, "workerEntry">,
  options: ReproduceOptions,
  { runs, plans }: Plans & { readonly runs: readonly Run[] },
): Promise<Judged | undefined> {
  const { study, tier, root, signal } = options;
  const finished = await Promise.all(runs.map((run, index) => finishedRun(run, plans[index]!)));
  const claims = await judge(host, options, finished);
  if (signal.aborted) return undefined;
  const figures = await draw(options, finished);
  await writeResults(resultsFolder(root, study.name, tier), {
    study,
    tier,
    claims,
    figures,
    runs: await Promise.all(runs.map(({ folder }, index) => reportRun(folder, plans[index]!))),
    code: showCodeVersion(options.code),
    machine: showMachine(thisMachine()),
    createdAt: new Date().toISOString(),
    command: `npx quadrivium reproduce ${study.name} --${tier}`,
  });
  return { claims, figures };
}

function retell({ study, tell }: ReproduceOptions, { claims, figures }: Judged): void {
  for (const claim of claims) tell({ kind: "claim", study: study.name, claim });
  for (const figure of figures) tell({ kind: "figure", study: study.name, figure });
}

async function judge(
  host: Pick<Host, "workerEntry">,
  { study, tier, compute, jobs, signal, tell, onNotice }: ReproduceOptions,
  runs: readonly FinishedRun[],
): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  await withMap(host, { study, compute, jobs, signal, onNotice }, async (map) => {
    const context = { signal, map, compute, key: key(0) };
    for await (const claim of study.reproduction.judge(tier, runs, context)) {
      claims.push(claim);
      tell({ kind: "claim", study: study.name, claim });
      if (signal.aborted) return;
    }
  });
  return claims;
}

async function draw(
  { study, tier, tell }: ReproduceOptions,
  runs: readonly FinishedRun[],
): Promise<readonly Figure[]> {
  const document = await newDocument();
  const figures: Figure[] = [];
  for await (const figure of study.reproduction.figures(tier, runs, document)) {
    figures.push(figure);
    const { id, title, caption, svg } = figure;
    tell({ kind: "figure", study: study.name, figure: { id, title, caption, svg } });
  }
  return figures;
}
