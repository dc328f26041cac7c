import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tokenize } from "../text/corpus/tokenize.js";
import { nodeTextFiles, readListed } from "./text-files.js";

describe("nodeTextFiles", () => {
  test("finds every listed Markdown file as it is listed: a megabyte and a half of English", async () => {
    const bytes = await nodeTextFiles.readDependencies();
    expect(bytes.length).toBeGreaterThan(1.5e6);
    const { tokens, symbols } = tokenize(
      bytes,
      { kind: "characters", vocabulary: 1024 },
      "dependencies",
    );
    const frequent = symbols.slice(0, 12);
    for (const letter of [" ", "e", "t", "a"]) expect(frequent).toContain(letter);
    expect(tokens.length).toBeGreaterThan(1.5e6);
  });

  test("says which file it cannot read and why", async () => {
    await expect(nodeTextFiles.readFile("/no/such.txt")).rejects.toThrow(
      "cannot read /no/such.txt: there is no such file",
    );
    await expect(nodeTextFiles.readFile(tmpdir())).rejects.toThrow(/it is a folder/);
  });
});

describe("readListed", () => {
  let folder = "";
  const text = "# A package\n";
  const listed = {
    package: "a-package",
    version: "1.2.3",
    path: "README.md",
    numBytes: text.length,
    sha256: createHash("sha256").update(text).digest("hex"),
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "listed-"));
    await mkdir(join(folder, "node_modules", "a-package"), { recursive: true });
    await mkdir(join(folder, "deep", "inside"), { recursive: true });
    await writeFile(join(folder, "node_modules", "a-package", "README.md"), text);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("finds packages from a folder upwards", async () => {
    const bytes = await readListed([listed, listed], join(folder, "deep", "inside"));
    expect(new TextDecoder().decode(bytes)).toBe(`${text}\n\n${text}\n\n`);
  });

  test("refuses a file that differs from what is listed, and one that is missing", async () => {
    const changed = { ...listed, sha256: "0".repeat(64) };
    await expect(readListed([changed], folder)).rejects.toThrow(
      /a-package 1\.2\.3 README\.md differs from what is listed/,
    );
    const missing = { ...listed, path: "GUIDE.md" };
    await expect(readListed([missing], folder)).rejects.toMatchObject({
      code: "E_TEXT_DEPENDENCIES",
      message: expect.stringContaining("GUIDE.md is listed and not installed"),
    });
  });
});
