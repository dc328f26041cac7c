import type { Figure } from "@quadrivium/core";
import type { Estimate } from "./estimate.js";

/** What a report shows beside the estimate's numbers. */
export interface ReportParts {
  /** Name of the data's file. */
  readonly file: string;
  /** The findings, a line each. */
  readonly text: string;
  readonly figures: readonly Figure[];
}

const style = `
  body { font: 15px/1.5 system-ui, sans-serif; color: #1f2430; max-width: 840px; margin: 40px auto; padding: 0 20px; }
  h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 36px 0 6px; }
  .muted { color: #666c7a; } figure { margin: 10px 0 4px; } svg { max-width: 100%; height: auto; }
  li { margin: 3px 0; } pre { background: #f5f6f9; padding: 12px 14px; overflow-x: auto; font-size: 13px; }`;

/** An estimate as one HTML file that refers to nothing outside it. */
export function estimateReport(result: Estimate, { file, text, figures }: ReportParts): string {
  const { kind, numSamples, window, recommendation } = result;
  const findings = text.split("\n").map((line) => `<li>${escape(line)}</li>`);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>α and β of ${escape(file)}</title><style>${style}</style></head>
<body>
<h1>α and β of ${escape(file)}</h1>
<p class="muted">${numSamples} ${kind === "spectrum" ? "eigenvalues" : "samples"}, read as ${kind}; components ${window[0]} to ${window[1]} are fitted; intervals at ${100 * result.level} %</p>
<ul>${findings.join("\n")}</ul>
${recommendation === null ? "" : recipe(recommendation)}
${figures.map(section).join("\n")}
</body>
</html>
`;
}

function recipe(r: NonNullable<Estimate["recommendation"]>): string {
  const rule =
    r.method === "sgd"
      ? `theta -= ${r.gamma2.toPrecision(4)} * gradient`
      : [
          `y     = y * (1 - ${r.delta.toFixed(3)} / (${r.delta.toFixed(3)} + t)) + gradient`,
          `theta -= ${r.gamma2.toPrecision(4)} * gradient + ${r.gamma3.toPrecision(4)} * (1 + t)**-${r.kappa3.toFixed(4)} * y`,
        ].join("\n");
  return (
    `<h2>What to train with</h2>\n<p>Gradients of half the squared error, averaged over batches of ` +
    `${r.batch}; t counts steps from 0.</p>\n<pre>${escape(rule)}</pre>`
  );
}

function section({ title, caption, svg }: Figure): string {
  return `<h2>${escape(title)}</h2>\n<figure>${svg}</figure>\n<p class="muted">${escape(caption)}</p>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
