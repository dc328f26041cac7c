import type { CommandContext } from "@quadrivium/config";
import { InputError } from "@quadrivium/core";

/**
 * A document to draw in.
 *
 * @throws E_DOCUMENT if the host has none
 */
export async function figureDocument(context: CommandContext, verb: string): Promise<Document> {
  if (context.newDocument !== undefined) return context.newDocument();
  throw new InputError(
    "E_DOCUMENT",
    `${verb}: a figure was asked for, but this host cannot draw; use the command line`,
  );
}
