import { InputError } from "@quadrivium/core";
import type { ScalingFamily } from "../theory/max-plus.js";

/** Exponents as text; what is not given is the family's own. */
export type KappaTexts = {
  readonly [name in "kappa1" | "kappa2" | "kappa3" | "kappaB"]?: string | undefined;
};

/** One exploration stays within seconds. */
const mostFamilies = 2000;

/**
 * All combinations of the exponents given: `0.5`, a list `0,0.5,1` or a range with its step
 * `0..1..0.1`; `none` as κ2 stands for no momentum.
 *
 * @throws E_KAPPAS if a text is none of these, or the combinations are too many
 */
export function parseKappas(texts: KappaTexts, family: ScalingFamily): ScalingFamily[] {
  const listOf = (name: keyof KappaTexts): readonly (number | null)[] => {
    const text = texts[name];
    return text === undefined ? [family[name]] : parseList(name, text);
  };
  const [first, second, third, batches] = (["kappa1", "kappa2", "kappa3", "kappaB"] as const).map(
    listOf,
  ) as [number[], (number | null)[], number[], number[]];
  const count = first.length * second.length * third.length * batches.length;
  if (count > mostFamilies) {
    throw new InputError(
      "E_KAPPAS",
      `explore: at most ${mostFamilies} families at once; got ${count}; take wider steps`,
    );
  }
  return first.flatMap((kappa1) =>
    second.flatMap((kappa2) =>
      third.flatMap((kappa3) => batches.map((kappaB) => ({ kappa1, kappa2, kappa3, kappaB }))),
    ),
  );
}

function parseList(name: keyof KappaTexts, text: string): (number | null)[] {
  if (name === "kappa2" && text === "none") return [null];
  const range = text.split("..").map(Number);
  const [from, to, step] = range;
  if (range.length === 3 && range.every(Number.isFinite) && step! > 0 && to! >= from!) {
    const last = Math.floor((to! - from!) / step! + 1e-9);
    return Array.from({ length: last + 1 }, (_, i) => Number((from! + i * step!).toPrecision(12)));
  }
  const list = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const lowest = name === "kappaB" ? 0 : -Infinity;
  if (list.every((x) => Number.isFinite(x) && x >= lowest)) return list;
  throw new InputError(
    "E_KAPPAS",
    `explore: ${name} must be a number${name === "kappaB" ? " ≥ 0" : ""}, a list 0,0.5,1 or a ` +
      `range 0..1..0.1; got ${JSON.stringify(text)}`,
    { details: { name, text } },
  );
}
