import { resolve } from "node:path";
import { Option, type Command } from "commander";
import type { Json } from "@quadrivium/core";
import type { Tier } from "@quadrivium/config";
import type { ReproduceEvent } from "@quadrivium/server";
import { programCode } from "../code.js";
import { resolveCompute } from "../compute.js";
import { exitCodes, failureOf, Interrupted } from "../exit.js";
import { findStudy } from "../find-study.js";
import type { Host } from "../host.js";
import { interruptible } from "../interrupt.js";
import { withCompute, withRuns, type ComputeOptions } from "../options.js";
import { Output } from "../output.js";
import { planEvent, reproduceStudy, type Reproduced } from "../reproduce/reproduce-study.js";
import { terminalTeller } from "../reproduce/tell-terminal.js";

interface ReproduceCommandOptions extends ComputeOptions {
  readonly full?: boolean;
}

interface Failed {
  readonly study: string;
  readonly error: { readonly code: string; readonly message: string };
}

/** `quadrivium reproduce [study]`: the papers' claims, tested by our own runs. */
export function addReproduce(program: Command, host: Host): void {
  const command = program
    .command("reproduce")
    .description("test the papers' claims by runs of our own")
    .argument("[study]", "one study only")
    .addOption(new Option("--quick", "the minutes-long tier (default)").conflicts("full"))
    .option("--full", "the hours-long tier");
  withRuns(withCompute(command))
    .addHelpText("after", "\nExample: quadrivium reproduce modular-addition --quick")
    .action(async (name: string | undefined, options: ReproduceCommandOptions) => {
      const output = new Output(host, options.json === true);
      const tier: Tier = options.full === true ? "full" : "quick";
      const names = name === undefined ? Object.keys(host.studies) : [name];
      const compute = await resolveCompute(options);
      const code = await programCode();
      const show = terminalTeller(output);
      const tell = (event: ReproduceEvent): void => {
        show(event);
        host.tell?.(event);
      };
      const done: Reproduced[] = [];
      const failed: Failed[] = [];
      await interruptible(
        () => output.note("stopping after the next checkpoints; once more to stop at once"),
        async (signal) => {
          if (names.length > 1) await announce(host, names, tier);
          for (const each of names) {
            try {
              const reproduced = await reproduceStudy(host, {
                study: await findStudy(host.studies, each),
                tier,
                root: resolve(options.runs),
                compute,
                jobs: options.jobs,
                code,
                signal,
                tell,
                onNotice: (text) => output.note(`  ${text}`),
              });
              if (reproduced !== undefined) done.push(reproduced);
            } catch (cause) {
              if (names.length === 1 && !signal.aborted) throw cause;
              const { code: errorCode, message } = failureOf(cause);
              failed.push({ study: each, error: { code: errorCode, message } });
              tell({ kind: "failed", study: each, message });
            }
            if (signal.aborted) throw interrupted(tell, name, tier);
          }
        },
      );
      tell({ kind: "end", outcome: failed.length === 0 ? "done" : "failed" });
      output.result(
        {
          ok: failed.length === 0,
          tier,
          studies: done as unknown as Json,
          failed: failed as unknown as Json,
        },
        done.map(({ report }) => report).join("\n"),
      );
      if (failed.length > 0) process.exitCode = exitCodes.failed;
    });
}

/** Tells a page of all that is to come; a study that cannot be loaded fails when it is its turn. */
async function announce(host: Host, names: readonly string[], tier: Tier): Promise<void> {
  if (host.tell === undefined) return;
  for (const name of names) {
    const study = await findStudy(host.studies, name).catch(() => undefined);
    if (study !== undefined) host.tell(planEvent(study, tier));
  }
}

function interrupted(
  tell: (event: ReproduceEvent) => void,
  name: string | undefined,
  tier: Tier,
): Interrupted {
  tell({ kind: "end", outcome: "interrupted" });
  const again = ["quadrivium reproduce", ...(name === undefined ? [] : [name]), `--${tier}`].join(
    " ",
  );
  return new Interrupted(`interrupted; what is done is kept; go on with: ${again}`);
}
