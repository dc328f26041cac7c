import { InputError } from "@quadrivium/core";
import type { CommandContext } from "./study.js";

/**
 * The document in which a verb draws its figures.
 *
 * @param verb names the verb in the refusal
 * @throws E_DOCUMENT if the host has none
 */
export async function figureDocument(
  context: Pick<CommandContext, "newDocument">,
  verb: string,
): Promise<Document> {
  if (context.newDocument !== undefined) return context.newDocument();
  throw new InputError(
    "E_DOCUMENT",
    `${verb}: a figure was asked for, but this host cannot draw; use the command line`,
  );
}
