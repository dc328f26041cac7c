import { html, nothing, raw, type Html } from "../html.js";
import { claimsTable, verdictSummary } from "../report/claims-table.js";
import { formatSeconds, formatValue } from "../report/format.js";
import type { RunState, StudyState } from "./lab-state.js";
import { sparkline } from "./sparkline.js";

/** The parts of a study's section, each drawn anew only when it changes. */
export function studyParts(study: StudyState): { readonly [part: string]: string } {
  const { claims, runs, folder, failure, isJudging } = study;
  const numFinished = runs.filter((run) => run.status === "finished").length;
  const isDone = folder !== undefined;
  const hasBegun = runs.some((run) => run.status !== "waiting");
  const head = html`<h2>${study.title}</h2>
    <p class="lead">
      “${study.paper}”, ${study.tier} tier: ${numFinished} of ${runs.length}
      runs${isJudging ? html`, judging the claims` : nothing}${
        claims.length > 0 ? html`; <strong>${verdictSummary(claims)}</strong>` : nothing
      }.
      ${isDone ? html`<a href="/report/${study.study}-${study.tier}">Open the report</a>` : nothing}
    </p>
    ${failure === undefined ? nothing : html`<p class="failure">Failed: ${failure}</p>`}`;
  return {
    head: head.html,
    claims: claims.length === 0 ? "" : claimsTable(claims).html,
    runs: isDone || !hasBegun ? "" : runsTable(runs).html,
  };
}

/** A figure as the live page shows it. */
export function figureCard({ id, title, caption, svg }: StudyState["figures"][number]): string {
  return html`<figure id="${id}" class="card">
    <div class="drawing">${raw(svg)}</div>
    <figcaption><strong>${title}.</strong> ${caption}</figcaption>
  </figure>`.html;
}

function runsTable(runs: readonly RunState[]): Html {
  return html`<div class="wide" tabindex="0" role="region" aria-label="Runs">
    <table>
      <thead>
        <tr>
          <th scope="col">Run</th>
          <th scope="col">Progress</th>
          <th scope="col">Metric</th>
          <th scope="col" class="number">Time</th>
        </tr>
      </thead>
      <tbody>
        ${runs.map(runRow)}
      </tbody>
    </table>
  </div>`;
}

function runRow(run: RunState): Html {
  const { label, status, share, seconds, secondsLeft, metric, value, history } = run;
  const percent = Math.floor(100 * (share ?? 0));
  const left = secondsLeft === undefined ? "" : `${formatSeconds(secondsLeft)} left`;
  const progress =
    status === "running"
      ? html`${percent} %<span
            class="bar"
            role="progressbar"
            aria-label="${label}"
            aria-valuenow="${percent}"
            ><span style="width:${percent}%"></span
          ></span>`
      : html`${status}`;
  const shown = typeof value === "number" ? formatValue(value) : "";
  return html`<tr>
    <th scope="row">${label}</th>
    <td>${progress}</td>
    <td>
      ${metric === undefined ? nothing : html`<span class="small">${metric} ${shown}</span>`}
      ${sparkline(history)}
    </td>
    <td class="number">
      ${seconds === undefined ? "" : formatSeconds(seconds)}<span class="small">${left}</span>
    </td>
  </tr>`;
}
