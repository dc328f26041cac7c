import type { CommandContext } from "@quadrivium/config";

/** A host that keeps files in memory. */
export function memoryContext(): CommandContext & { readonly files: Map<string, Uint8Array> } {
  const files = new Map<string, Uint8Array>();
  return {
    files,
    signal: new AbortController().signal,
    compute: { executor: "auto", threads: 1 },
    progress: () => {},
    readFile: async (path) => {
      const bytes = files.get(path);
      if (bytes === undefined) throw new Error(`no file ${path}`);
      return bytes;
    },
    writeFile: async (path, bytes) => {
      files.set(path, typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
    },
    async *map() {},
  };
}
