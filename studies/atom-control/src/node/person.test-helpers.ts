import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeNpy } from "@quadrivium/io";
import type { LoopClock } from "../loop/clock.js";

/** A step as the person at the microscope reads it. */
export interface WrittenStep {
  readonly step: number;
  readonly park: {
    readonly frameId: string;
    readonly xPx: number;
    readonly yPx: number;
    readonly xFraction: number;
    readonly yFraction: number;
    readonly dwellTimeS: number;
  } | null;
  readonly acquire: {
    readonly fovAngstrom: number;
    readonly px: number;
    readonly pixelTimeUs: number;
  };
}

/** The steps of a folder, in order. */
export function writtenSteps(folder: string): WrittenStep[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith("step-"))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as WrittenStep);
}

/** Looks into a folder every 300 ms and does something for each new step, until called off. */
export function person(
  { folder, clock }: { readonly folder: string; readonly clock: LoopClock },
  act: (step: WrittenStep) => void | Promise<void>,
): () => void {
  let done = 0;
  let cancel = (): void => {};
  const look = (): void => {
    for (const step of writtenSteps(folder).slice(done)) {
      done++;
      void act(step);
    }
    cancel = clock.after(300, look);
  };
  look();
  return () => cancel();
}

/** Saves a square frame as npy. */
export function saveFrame(folder: string, name: string, counts: Float32Array): void {
  const side = Math.sqrt(counts.length);
  writeFileSync(
    join(folder, name),
    writeNpy({ dtype: "float32", shape: [side, side], data: counts }),
  );
}
