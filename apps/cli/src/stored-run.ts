import type { StoredRun } from "@quadrivium/config";
import { findRun, lastCheckpoint } from "@quadrivium/runs";

/**
 * A run of a folder as a verb reads it.
 *
 * @param wanted its folder, its name or the beginning of its name
 * @throws E_NO_RUN if there is none
 */
export async function storedRun(root: string, wanted: string): Promise<StoredRun> {
  const run = await findRun(root, wanted);
  const { id, study, config, seed } = run.manifest;
  return { id, study, config, seed, checkpoint: () => lastCheckpoint(run) };
}
