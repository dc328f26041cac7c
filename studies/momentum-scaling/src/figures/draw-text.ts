import * as Plot from "@observablehq/plot";
import type { Figure } from "@quadrivium/core";
import type { TextEvidence } from "../evidence/text-runs.js";
import { columnsOf, logAxis, methodColors, plotFigure } from "./plot-figure.js";

/** Draws the losses of language models above the entropy rate of what they learn. */
export function drawText({ curves, entropyRate }: TextEvidence, document: Document): Figure {
  const rows = curves.flatMap(({ optimizer, curve }) =>
    curve.numTokens.map((tokens, i) => {
      const loss = curve.loss[i]!;
      return { method: optimizer, tokens, loss, excess: loss - entropyRate };
    }),
  );
  const words = curves.map(({ optimizer, exponent, learningRate, runs }) => {
    const range = exponent?.interval.map((x) => x.toFixed(2)).join(" to ");
    return `${optimizer} (rate ${learningRate.toPrecision(3)}, ${runs} ${runs === 1 ? "run" : "runs"}): exponent ${
      exponent === null ? "none" : `${exponent.value.toFixed(2)} [${range}]`
    }`;
  });
  return plotFigure(
    {
      id: "text",
      title: "Language models: loss above the entropy rate",
      caption:
        `Mean training loss of LSTMs above the entropy rate ${entropyRate.toFixed(3)} nats of a synthetic ` +
        `language, each symbol scored before it is learnt. ${words.join("; ")}, fitted to the second half of logarithmic time.`,
      options: {
        height: 340,
        marginRight: 90,
        x: logAxis("symbols read"),
        y: logAxis("L − E (nats a symbol)"),
        color: methodColors,
        marks: [
          Plot.line(rows, { x: "tokens", y: "excess", stroke: "method", filter: isPositive }),
          Plot.text(
            rows,
            Plot.selectLast({
              x: "tokens",
              y: "excess",
              z: "method",
              text: "method",
              fill: "method",
              textAnchor: "start",
              dx: 6,
              filter: isPositive,
            }),
          ),
        ],
      },
      data: columnsOf(rows),
    },
    document,
  );
}

const isPositive = ({ excess }: { readonly excess: number }): boolean => excess > 0;
