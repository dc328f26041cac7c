import type { Study } from "@quadrivium/config";
import type { ReproduceEvent } from "@quadrivium/server";

/** How the command line knows a study before it is loaded. */
export interface StudyEntry {
  readonly title: string;
  readonly load: () => Promise<Study>;
}

/** The studies by name. */
export type StudyRegistry = { readonly [name: string]: StudyEntry };

/** Where text for people goes. */
export interface Terminal {
  readonly write: (text: string) => void;
  /** True where lines can be rewritten. */
  readonly isLive: boolean;
  readonly columns: number;
}

/** Everything the command line takes from outside, so that tests can stand in for it. */
export interface Host {
  readonly studies: StudyRegistry;
  /** Module that worker processes start with. */
  readonly workerEntry: URL;
  /** Module that this program starts with, for processes of its own kind. */
  readonly programEntry: URL;
  readonly out: (text: string) => void;
  /** How wide a page of help may be. */
  readonly helpColumns: number;
  readonly err: Terminal;
  readonly env: { readonly [name: string]: string | undefined };
  /** Tells the process that started this one how a reproduction goes on. */
  readonly tell?: (event: ReproduceEvent) => void;
}
