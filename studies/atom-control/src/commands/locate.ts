import type { Command } from "@quadrivium/config";
import { InputError } from "@quadrivium/core";
import { z } from "zod";
import { refused, type LocatedFrame } from "../perception/located-frame.js";
import { locateFrame } from "../perception/locate-frame.js";
import { readFrameFiles, type FileFrame } from "../perception/read-frame-files.js";
import { overlaySvg } from "../perception/render-overlay.js";

const input = z.object({
  files: z.array(z.string()).min(1).describe("frames: npy, PNG, TIFF, HDF5, EMD, DM, MRC, ndata"),
  fovAngstrom: z
    .number()
    .positive()
    .optional()
    .describe("width of the field of view; default: as the file states it, else found"),
  out: z.string().optional().describe("write an overlay to look at there: .svg or .html"),
});

const frameRow = z.object({
  file: z.string(),
  frame: z.int(),
  accepted: z.boolean(),
  /** Why not; where accepted, what was corrected. */
  reason: z.string().nullable(),
  /** Whether the lattice can be trusted, whatever sits on it. */
  isLatticeSound: z.boolean(),
  /** Direction (cos, sin) in (xPx, yPx), in [0, 60). */
  latticeAngleDeg: z.number().nullable(),
  pixelSizeAngstrom: z.number().nullable(),
  silicon: z.array(
    z.object({
      xPx: z.number(),
      yPx: z.number(),
      coordination: z.union([z.literal(3), z.literal(4)]),
      coordinationPosterior: z.number(),
      sublattice: z.enum(["A", "B"]).nullable(),
      posterior: z.number(),
    }),
  ),
  foreign: z.array(z.object({ xPx: z.number(), yPx: z.number() })),
  numAtoms: z.int(),
  qualityScore: z.number(),
  strain: z.number().nullable(),
  residualAngstrom: z.number().nullable(),
});

/** The frames; of a single one its fields stand beside them as well. */
const output = z.object({ frames: z.array(frameRow), ...frameRow.partial().shape });

type Output = z.infer<typeof output>;

/** `locate`: lattice and silicon of every frame, and whether to trust it. */
export const locateCommand: Command<z.infer<typeof input>, Output> = {
  name: "locate",
  summary: "Find graphene's lattice and its silicon in microscope frames, or say why not",
  positional: ["files"],
  input,
  output,
  examples: ["locate frame.dm4 --out frame.svg", "locate *.hdf5 --fov-angstrom 20 --json"],
  render,
  run: async (given, context) => {
    if (given.out !== undefined && !/\.(svg|html)$/i.test(given.out)) {
      throw new InputError(
        "E_OVERLAY",
        `locate: --out must end in .svg or .html; got "${given.out}"`,
      );
    }
    const frames = await readFrameFiles(given.files, context);
    const overlays: string[] = [];
    const rows: Output["frames"] = [];
    for (const read of frames) {
      context.signal.throwIfAborted();
      const found =
        read.frame === null
          ? refused(read.fault ?? "unreadable")
          : locateFrame(read.frame, { fovAngstrom: given.fovAngstrom });
      rows.push(rowOf(read, found));
      if (given.out !== undefined && read.frame !== null) {
        overlays.push(overlaySvg(read.frame, found, `${read.file} ${read.index}`));
      }
    }
    if (given.out !== undefined) await context.writeFile(given.out, pageOf(given.out, overlays));
    return { frames: rows, ...(rows.length === 1 ? rows[0] : {}) };
  },
};

function rowOf({ file, index }: FileFrame, found: LocatedFrame): Output["frames"][number] {
  const { lattice: _lattice, sites: _sites, silicon, foreign, ...rest } = found;
  return {
    file,
    frame: index,
    ...rest,
    foreign: [...foreign],
    silicon: silicon.map(({ site: _site, ...atom }) => atom),
  };
}

/** An SVG holds one frame; a page holds them all. */
function pageOf(path: string, overlays: readonly string[]): string {
  if (/\.svg$/i.test(path)) {
    if (overlays.length !== 1) {
      throw new InputError(
        "E_OVERLAY",
        `locate: an .svg shows one frame; got ${overlays.length}; write .html instead`,
      );
    }
    return `${overlays[0]}\n`;
  }
  const figures = overlays.map((svg) => `<figure>${svg}</figure>`).join("\n");
  return `<!doctype html><meta charset="utf-8"><title>locate</title><style>figure{display:inline-block;width:600px;margin:8px}</style>\n${figures}\n`;
}

function render({ frames }: Output): string {
  return frames
    .map((row) => {
      const lattice =
        row.latticeAngleDeg === null || row.pixelSizeAngstrom === null
          ? "no lattice"
          : `lattice at ${row.latticeAngleDeg.toFixed(2)}°, ${row.pixelSizeAngstrom.toFixed(4)} Å a pixel, ` +
            `${row.numAtoms} atoms, quality ${row.qualityScore.toFixed(2)}`;
      const silicon = row.silicon.map(
        (atom) =>
          `  silicon at (${atom.xPx.toFixed(2)}, ${atom.yPx.toFixed(2)}), ` +
          `${atom.coordination ?? "?"}-fold, sublattice ${atom.sublattice ?? "none"}, ` +
          `posterior ${atom.posterior.toFixed(4)}`,
      );
      const verdict = row.accepted ? "accepted" : "refused";
      const note = row.reason === null ? "" : `: ${row.reason}`;
      return [`${row.file} [${row.frame}] ${verdict}${note}`, `  ${lattice}`, ...silicon].join(
        "\n",
      );
    })
    .join("\n");
}
