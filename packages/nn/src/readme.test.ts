import { readFileSync } from "node:fs";
import * as core from "@quadrivium/core";
import * as engine from "@quadrivium/engine";
import { expect, test } from "vitest";
import * as nn from "./index.js";
import * as optimizers from "./optimizers/index.js";

const modules: { readonly [name: string]: unknown } = {
  "@quadrivium/core": core,
  "@quadrivium/engine": engine,
  "@quadrivium/nn": nn,
  "@quadrivium/nn/optimizers": optimizers,
};
const text = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const snippets = [...text.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code);

/** Runs a snippet with its imports taken from {@link modules} and returns what it prints. */
async function printed(code: string): Promise<string[]> {
  const lines: string[] = [];
  const body = code.replaceAll(
    /import (?:\* as )?(\{[\s\S]*?\}|\w+) from "([^"]+)";/g,
    (_, names: string, from: string) => `const ${names} = modules["${from}"];`,
  );
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
    ...source: string[]
  ) => (modules: unknown, print: (...values: unknown[]) => void) => Promise<void>;
  await new AsyncFunction("modules", "print", body)(modules, (...values) => {
    lines.push(values.join(" "));
  });
  return lines;
}

test.each(snippets.map((code, index) => ({ index, code })))(
  "README example $index prints what it says",
  async ({ code }) => {
    const promised = [...code.matchAll(/^print\(.*\); \/\/ (.*)$/gm)].map(([, line]) => line);
    expect(promised.length).toBeGreaterThan(0);
    expect(await printed(code)).toEqual(promised);
    expect(engine.liveArrayCount()).toBe(0);
  },
);
