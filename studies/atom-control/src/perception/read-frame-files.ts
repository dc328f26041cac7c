import type { CommandContext } from "@quadrivium/config";
import { QuadriviumError } from "@quadrivium/core";
import { readFrames } from "@quadrivium/io";
import type { Frame } from "./frame.js";

/** A frame with where it comes from, or why its file holds none. */
export interface FileFrame {
  readonly file: string;
  /** Which frame of the file, from 0. */
  readonly index: number;
  readonly frame: Frame | null;
  readonly fault: string | null;
}

/**
 * All frames of the files in order. A file that is damaged or no image yields one entry that says
 * so; a file that is not there is an error.
 *
 * @throws E_FILE if a file cannot be opened
 */
export async function readFrameFiles(
  files: readonly string[],
  context: Pick<CommandContext, "readFile">,
): Promise<readonly FileFrame[]> {
  const all: FileFrame[] = [];
  for (const file of files) {
    const bytes = await context.readFile(file);
    try {
      readFrames(bytes, file).forEach((read, index) => {
        const { height, width, pixelSizeAngstrom } = read;
        const counts =
          read.counts instanceof Float32Array ? read.counts : Float32Array.from(read.counts);
        all.push({ file, index, frame: { counts, height, width, pixelSizeAngstrom }, fault: null });
      });
    } catch (error) {
      if (!(error instanceof QuadriviumError)) throw error;
      all.push({ file, index: 0, frame: null, fault: `unreadable: ${error.message}` });
    }
  }
  return all;
}
