import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const run = promisify(execFile);
const bench = (...words: string[]) =>
  run(process.execPath, [join(import.meta.dirname, "../bench", words[0]!), ...words.slice(1)]);

describe("benchmarks", () => {
  test.each([["run.mjs"], ["engine.mjs"], ["budgets.mjs"]])(
    "show a page of help with an example: %s",
    async (program) => {
      const { stdout, stderr } = await bench(program, "--help");
      expect(stdout).toMatch(/^Usage: .*\n(.*\n)*Example: (node bench|npm run bench)/);
      expect(stdout.split("\n").length).toBeLessThan(24);
      expect(stderr).toBe("");
    },
  );

  test.each([
    [["run.mjs", "fly"], "bench: the name must be engine or budgets; got fly\n"],
    [["run.mjs", "--fly"], "bench: Unknown option '--fly'; --help lists the options\n"],
    [["engine.mjs", "--fly"], "bench: Unknown option '--fly'; --help lists the options\n"],
    [["budgets.mjs", "mlp"], "bench: Unexpected argument 'mlp'; --help lists the options\n"],
  ])("refuse %j with one sentence and exit code 2", async (words, stderr) => {
    await expect(bench(...words)).rejects.toMatchObject({ code: 2, stdout: "", stderr });
  });
});
