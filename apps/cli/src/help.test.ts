import { describe, expect, test } from "vitest";
import { quadrivium } from "./cli.test-helpers.js";
import { studies } from "./studies.js";

const loaded = await Promise.all(Object.values(studies).map(({ load }) => load()));
const pages = loaded.flatMap(({ name, commands }) => [
  { args: [name], most: 40 },
  { args: ["run", name], most: 40 },
  ...commands.map((verb) => ({ args: [name, verb.name], most: 30 })),
]);

async function help(args: readonly string[], flag = "--help"): Promise<string[]> {
  const { out, exitCode } = await quadrivium([...args, flag], { studies });
  expect(exitCode).toBe(0);
  return out.trimEnd().split("\n");
}

describe("--help of the studies", () => {
  test.each(pages)("of $args fits a screen", async ({ args, most }) => {
    const lines = await help(args);
    expect(lines.length).toBeLessThanOrEqual(most);
    const said = lines.filter((line) => !line.startsWith("Example: ")); // those are copied whole
    for (const line of said) expect(line.length).toBeLessThanOrEqual(100);
  });

  test("names every preset and setting of a study, and what each is otherwise", async () => {
    for (const study of loaded) {
      const page = (await help([study.name])).join("\n");
      for (const preset of Object.keys(study.presets)) expect(page).toContain(preset);
    }
    const run = (await help(["run", "modular-addition"])).join("\n");
    expect(run).toMatch(/ modulus=59 .* width=256\s/s);
    expect(run).toContain("what each means: quadrivium run modular-addition --help-all");
  });
});

describe("--help-all", () => {
  test("explains the presets, settings and options that --help only names", async () => {
    const study = (await help(["modular-addition"], "--help-all")).join(" ").replaceAll(/ +/g, " ");
    expect(study).toContain("control: the quick recipe on half of the pairs, which does not");
    const run = (await help(["run", "modular-addition"], "--help-all")).join(" ");
    expect(run).toMatch(/evaluateEvery +20 +epochs between two evaluations/);
    expect(run).toMatch(/--threads <n> +threads within one operation/);
    const verb = await help(["modular-addition", "dissect"], "--help-all");
    expect(verb.join("\n")).toMatch(/--jobs <n> +processes for parallel work/);
    expect([...study, ...run].join("")).not.toContain("…");
  });
});
