import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { stableHash, type Claim, type Figure, type Json } from "@quadrivium/core";
import { configHash, type Study, type Tier } from "@quadrivium/config";
import {
  finiteJson,
  listRuns,
  readResult,
  writeFileAtomic,
  type CodeVersion,
  type Run,
  type RunSpec,
} from "@quadrivium/runs";

/** What a reproduction found, without the numbers behind its figures. */
export interface Judged {
  readonly claims: readonly Claim[];
  readonly figures: readonly Omit<Figure, "data">[];
}

const fileName = "judged.json";

/** The finished runs of a plan, in its order; `undefined` while one of them is not. */
export async function finishedRuns(
  root: string,
  specs: readonly RunSpec[],
): Promise<readonly Run[] | undefined> {
  const { runs } = await listRuns(root);
  const finished = new Map<string, Run>();
  for (const run of runs) {
    const { configHash: hash, seed } = run.manifest;
    const key = `${hash} ${seed}`;
    if (!finished.has(key) && (await readResult(run.folder)) !== undefined) finished.set(key, run);
  }
  const found = specs.map(({ study, config, seed }) =>
    finished.get(`${configHash(study, config)} ${seed}`),
  );
  return found.every((run) => run !== undefined) ? found : undefined;
}

/**
 * Everything that decides what is judged: the study's results version and tier, the runs with their
 * results, and the code.
 *
 * @returns a hash; `undefined` where tracked files differ from the code's commit, so that nobody
 *   who changes a claim is shown the old one
 */
export async function judgedKey(
  study: Study,
  tier: Tier,
  { runs, code }: { readonly runs: readonly Run[]; readonly code: CodeVersion },
): Promise<string | undefined> {
  if (code.isDirty === true) return undefined;
  const results = await Promise.all(runs.map(({ folder }) => readResult(folder)));
  return stableHash({
    study: study.name,
    resultsVersion: study.resultsVersion,
    tier,
    version: code.version,
    commit: code.commit ?? null,
    runs: runs.map(({ manifest: { id, seed, configHash: hash } }, index) => {
      const { attempt, finishedAt } = results[index]!;
      return { id, seed, hash, attempt, finishedAt };
    }),
  });
}

/** What was judged under a key before; `undefined` where that, or its report, is not there. */
export async function readJudged(folder: string, key: string): Promise<Judged | undefined> {
  try {
    await access(join(folder, "report.html"));
    const kept = JSON.parse(await readFile(join(folder, fileName), "utf8")) as Judged & {
      readonly key?: string;
    };
    return kept.key === key ? kept : undefined;
  } catch {
    return undefined; // missing or damaged: it is judged anew
  }
}

/** Keeps what was judged under a key. @throws E_WRITE with the path */
export async function keepJudged(folder: string, key: string, judged: Judged): Promise<void> {
  const { claims } = judged;
  const figures = judged.figures.map(({ id, title, caption, svg }) => ({
    id,
    title,
    caption,
    svg,
  }));
  const json = finiteJson({ key, claims, figures } as unknown as Json);
  await writeFileAtomic(join(folder, fileName), `${JSON.stringify(json)}\n`);
}
