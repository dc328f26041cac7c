import type { RungId } from "../dissect/ladder.js";
import { rungTitles } from "../figures/ladder-figure.js";
import { textTable } from "./text-table.js";
import type { DissectOutput } from "./dissect-output.js";

/** A dissection for a terminal: what the network is, what it does, and how sure that is. */
export function renderDissection(found: DissectOutput): string {
  const layer = found.layers[found.judgedLayer - 1];
  return [
    `${found.description}, modulo ${found.modulus}`,
    ...found.source.notes.map((note) => `  note: ${note}`),
    "",
    `accuracy ${share(found.accuracy)} on all ${found.modulus ** 2} pairs, loss ${number(found.crossEntropy)}, margin ${number(found.marginMin)} at least and ${number(found.marginMean)} on average`,
    ...(found.train === undefined || found.test === undefined
      ? []
      : [
          `training pairs ${share(found.train.accuracy)}, held-out pairs ${share(found.test.accuracy)}`,
        ]),
    `${found.aliveNeurons} neurons alive; ${found.numFrequencies} frequencies with over 1 % of the energy; mean R1 ${number(found.r1Mean)}`,
    "",
    ...textTable(
      ["frequency", "neurons", "energy", "clock form", "pizza form", "without it", "random set"],
      found.clusters
        .filter((cluster) => cluster.energy > 0.001)
        .map(({ frequency, size, energy }) => {
          const written = found.contributions.find((each) => each.frequency === frequency);
          const ablated = found.ablations.find((each) => each.frequency === frequency);
          return [
            `f = ${frequency}`,
            String(size),
            share(energy),
            written === undefined ? "" : share(written.clockFve),
            written === undefined ? "" : share(written.pizzaFve),
            ablated === undefined ? "" : share(ablated.zeroAccuracy),
            ablated === undefined ? "" : share(found.accuracy - ablated.randomDrop),
          ];
        }),
    ),
    "",
    ...textTable(
      [`layer ${layer.layer} replaced by`, "accuracy", "agreement", "margin kept"],
      layer.ladder.map((rung) => [
        rungTitles[rung.id as RungId],
        share(rung.accuracy),
        share(rung.agreement),
        share(rung.marginRetained),
      ]),
    ),
    "",
    `extracted program: ${share(found.certificate.accuracy)} right on its own, margin ${number(found.certificate.marginMin)} with an error below ${found.certificate.errorBound.toExponential(1)}${found.certificate.proved ? ": proved right on all pairs" : ""}`,
    ...(found.networkCertificate === null
      ? []
      : [
          `the network itself: margin ${number(found.networkCertificate.marginMin)} with an error below ${found.networkCertificate.errorBound.toExponential(1)}${found.networkCertificate.proved ? ": proved right on all pairs" : ""}`,
        ]),
    "",
    ...found.verdict.gates.map(
      ({ id, pass, reason, threshold }) =>
        `${pass ? "pass" : "FAIL"}  ${id}  ${reason} (needs ${threshold})`,
    ),
    ...found.verdict.notes.map((note) => `note: ${note}`),
    "",
    `verdict: ${found.verdict.label}`,
  ].join("\n");
}

function share(value: number | null): string {
  if (value === null) return "–";
  return `${(100 * value).toFixed(Math.abs(value) < 0.9995 ? 1 : 0)} %`;
}

function number(value: number): string {
  return Math.abs(value) >= 1e-3 && Math.abs(value) < 1e4
    ? String(Number(value.toPrecision(4)))
    : value.toExponential(2);
}
