import type { Claim, Verdict } from "@quadrivium/core";
import { html, nothing, type Html } from "../html.js";
import { formatValue } from "./format.js";

/** A sign beside the word, so that colour is never alone. */
const signs: { readonly [verdict in Verdict]: string } = {
  supported: "✓",
  contradicted: "✗",
  undecided: "?",
};

/** The claims as a table, one a row. */
export function claimsTable(claims: readonly Claim[]): Html {
  return html`<div class="wide" tabindex="0" role="region" aria-label="Claims">
    <table class="claims">
      <thead>
        <tr>
          <th scope="col">Claim</th>
          <th scope="col" class="number">Our value</th>
          <th scope="col">Threshold</th>
          <th scope="col">Verdict</th>
        </tr>
      </thead>
      <tbody>
        ${claims.map(claimRow)}
      </tbody>
    </table>
  </div>`;
}

/** How many claims have each verdict, in words. */
export function verdictSummary(claims: readonly Claim[]): string {
  const count = (verdict: Verdict): number =>
    claims.filter((claim) => claim.verdict === verdict).length;
  const parts = (["supported", "contradicted", "undecided"] as const)
    .map((verdict) => [count(verdict), verdict] as const)
    .filter(([number]) => number > 0)
    .map(([number, verdict]) => `${number} ${verdict}`);
  return parts.length === 0 ? "no claims tested" : parts.join(", ");
}

/** One claim as a table row. */
export function claimRow(claim: Claim): Html {
  const { id, statement, source, statistic, threshold, verdict, note } = claim;
  return html`<tr id="${id}">
    <th scope="row">
      ${statement}
      <span class="small">${source}</span>
      <span class="small">Measured: ${statistic}</span>
      ${note === undefined ? nothing : noteOf(note)}
    </th>
    <td class="number">${valueOf(claim)}</td>
    <td>${threshold}</td>
    <td><span class="verdict ${verdict}">${signs[verdict]} ${verdict}</span></td>
  </tr>`;
}

/** Longest note that stands open in the table. */
const openNoteLength = 160;

function noteOf(note: string): Html {
  if (note.length <= openNoteLength) return html`<span class="small note">${note}</span>`;
  return html`<details class="small note">
    <summary>What to know</summary>
    ${note}
  </details>`;
}

function valueOf({ value, status, interval, level, runs }: Claim): Html {
  const shown = value === null ? (status ?? "not finite") : formatValue(value);
  const range =
    interval === null
      ? nothing
      : html`<span class="small"
          >${level === null ? "" : `${formatValue(100 * level)} % `}[${formatValue(interval[0])},
          ${formatValue(interval[1])}]</span
        >`;
  return html`<strong>${shown}</strong> ${range}
    ${runs === 0 ? nothing : html`<span class="small">${runs} ${runs === 1 ? "run" : "runs"}</span>`}`;
}
