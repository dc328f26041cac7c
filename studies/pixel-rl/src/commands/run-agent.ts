import { InputError, invariant, type HostArray } from "@quadrivium/core";
import type { CommandContext } from "@quadrivium/config";
import { agentConfig, type AgentConfig } from "../config.js";
import type { NetworkParams } from "../network/network.js";

/**
 * The trained network of a run.
 *
 * @throws E_RUN_STUDY if the run is another study's
 */
export async function readAgent(
  verb: string,
  wanted: string,
  { openRun }: Pick<CommandContext, "openRun">,
): Promise<{ readonly config: AgentConfig; readonly params: NetworkParams<HostArray> }> {
  invariant(openRun !== undefined, "the host keeps runs");
  const run = await openRun(wanted);
  if (run.study !== "pixel-rl") {
    throw new InputError(
      "E_RUN_STUDY",
      `${verb}: needs a run of pixel-rl; got ${run.id}, which is one of ${run.study}`,
    );
  }
  const { params } = (await run.checkpoint()).tree;
  return {
    config: agentConfig.parse(run.config),
    params: params as unknown as NetworkParams<HostArray>,
  };
}
