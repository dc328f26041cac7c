import { hostArray, type HostArray } from "@quadrivium/core";
import { decodeElements, type ElementType, elementWidth } from "../elements.js";
import { angstroms, framesOf, type MicroscopeFrame, refuseFrame } from "./frame.js";
import { readTiffDirectories, type TiffDirectory } from "./tiff-directory.js";
import { undoPredictor, unpackTiff } from "./tiff-compression.js";

/** Numbers of the tags read here. */
const tag = {
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  description: 270,
  stripOffsets: 273,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  xResolution: 282,
  yResolution: 283,
  planar: 284,
  resolutionUnit: 296,
  predictor: 317,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  sampleFormat: 339,
} as const;

/**
 * Frames of a TIFF or BigTIFF file, one a page: 8 to 64 bits, integers or floats, gray or colours
 * (averaged), in strips or tiles, plain or packed by LZW, deflate or PackBits.
 *
 * Pixel sizes are taken where ImageJ's description names their unit; a resolution in dots per inch
 * says nothing about a microscope and is left aside.
 *
 * @source Adobe, TIFF Revision 6.0; Technical Notes 1 to 3
 */
export function readTiff(bytes: Uint8Array): MicroscopeFrame[] {
  const { directories, littleEndian } = readTiffDirectories(bytes);
  const budget = { left: Math.min(2 ** 31, 2 ** 20 + bytes.length * 1032) };
  return directories.flatMap((directory, page) => {
    const { text } = directory;
    const description = text(tag.description) ?? "";
    const unit = /^unit=(.*)$/m.exec(description)?.[1];
    const pixel = (resolution: number): number | null => {
      const perUnit = directory.number(resolution);
      return perUnit === undefined || perUnit <= 0
        ? null
        : angstroms(1 / perUnit, imageJUnit(unit));
    };
    return framesOf({
      format: "tiff",
      detail: `page ${page}`,
      array: readPage(bytes, directory, { littleEndian, budget, page }),
      pixelSizes: [pixel(tag.xResolution), pixel(tag.yResolution)],
      metadata: description === "" ? {} : { description },
    });
  });
}

/** ImageJ writes "micron" and escapes the letter µ. */
function imageJUnit(unit: string | undefined): string | undefined {
  return unit?.trim().replace(/^(micron|\\u00B5m|microns)$/i, "um");
}

interface PageOptions {
  readonly littleEndian: boolean;
  /** Bytes that may still be unpacked; shared by all pages. */
  readonly budget: { left: number };
  readonly page: number;
}

function readPage(bytes: Uint8Array, directory: TiffDirectory, options: PageOptions): HostArray {
  const { littleEndian, budget, page } = options;
  const { number, numbers } = directory;
  const [width, height] = [number(tag.width) ?? 0, number(tag.height) ?? 0];
  const channels = number(tag.samplesPerPixel) ?? 1;
  const type = elementType(directory, page);
  const isPlanar = channels > 1 && number(tag.planar) === 2;
  const perPixel = isPlanar ? 1 : channels;
  const isTiled = number(tag.tileWidth) !== undefined;
  const rowsPerStrip = Math.min(number(tag.rowsPerStrip) ?? height, height);
  const blockWidth = isTiled ? number(tag.tileWidth)! : width;
  const blockHeight = isTiled ? (number(tag.tileHeight) ?? 0) : rowsPerStrip;
  const lengths = [width, height, channels, blockWidth, blockHeight];
  if (!lengths.every((length) => Number.isSafeInteger(length) && length > 0) || channels > 64) {
    throw refuseFrame(`page ${page} of the TIFF file has no valid size: ${width} × ${height}`);
  }
  const offsets = numbers(isTiled ? tag.tileOffsets : tag.stripOffsets);
  const counts = numbers(isTiled ? tag.tileByteCounts : tag.stripByteCounts);
  const [across, down] = [Math.ceil(width / blockWidth), Math.ceil(height / blockHeight)];
  const numBlocks = across * down * (isPlanar ? channels : 1);
  if (offsets.length < numBlocks || counts.length < numBlocks) {
    throw refuseFrame(
      `page ${page} of the TIFF file needs ${numBlocks} blocks; got ${offsets.length}`,
    );
  }
  const sampleWidth = elementWidth(type);
  budget.left -= width * height * 8 + numBlocks * blockWidth * blockHeight * perPixel * sampleWidth;
  if (!(budget.left >= 0)) {
    throw refuseFrame(
      `page ${page} of the TIFF file claims ${width} × ${height} pixels, too many for its ${bytes.length} bytes`,
    );
  }

  const sum = new Float64Array(width * height);
  const isWhiteZero = number(tag.photometric) === 0;
  // Alpha and other extra channels behind three colours, or one gray, are left out.
  const used = channels < 3 ? 1 : 3;
  for (let block = 0; block < numBlocks; block++) {
    const plane = isPlanar ? Math.floor(block / (across * down)) : 0;
    if (plane >= used) break;
    const [column, row] = [block % across, Math.floor(block / across) % down];
    const rows = isTiled ? blockHeight : Math.min(blockHeight, height - row * blockHeight);
    const rowBytes = blockWidth * perPixel * sampleWidth;
    const start = offsets[block];
    if (!(start + counts[block] <= bytes.length)) {
      throw refuseFrame(`page ${page} of the TIFF file lies outside it; the file is cut short`);
    }
    const unpacked = unpackTiff(bytes.subarray(start, start + counts[block]), {
      compression: number(tag.compression) ?? 1,
      size: rows * rowBytes,
    });
    const predictor = number(tag.predictor) ?? 1;
    const plain = undoPredictor(unpacked, {
      predictor,
      rowBytes,
      sampleWidth,
      perPixel,
      littleEndian,
    });
    const order = predictor === 3 ? false : littleEndian;
    const samples = decodeElements(plain, type, [rows, blockWidth, perPixel], {
      littleEndian: order,
    });
    for (let y = 0; y < rows && row * blockHeight + y < height; y++) {
      const target = (row * blockHeight + y) * width + column * blockWidth;
      const columns = Math.min(blockWidth, width - column * blockWidth);
      for (let x = 0; x < columns; x++) {
        const from = (y * blockWidth + x) * perPixel;
        const inPixel = isPlanar ? 1 : used;
        for (let c = 0; c < inPixel; c++) sum[target + x] += Number(samples.data[from + c]);
      }
    }
  }
  const top = isWhiteZero && type.startsWith("u") ? 2 ** (8 * sampleWidth) - 1 : 0;
  if (used > 1) for (let i = 0; i < sum.length; i++) sum[i] /= used;
  if (top > 0) for (let i = 0; i < sum.length; i++) sum[i] = top - sum[i];
  const isExactInFloat32 = sampleWidth < 4 || type === "f4";
  return hostArray(isExactInFloat32 ? Float32Array.from(sum) : sum, [height, width]);
}

function elementType({ number, numbers }: TiffDirectory, page: number): ElementType {
  const bits = numbers(tag.bitsPerSample);
  const depth = bits[0] ?? 1;
  const format = number(tag.sampleFormat) ?? 1;
  const letter = ({ 1: "u", 2: "i", 3: "f" } as { [format: number]: string })[format];
  const name = `${letter}${depth / 8}`;
  const known = ["u1", "u2", "u4", "i1", "i2", "i4", "i8", "f2", "f4", "f8"];
  if (bits.some((other) => other !== depth) || !known.includes(name)) {
    const what =
      format === 5 || format === 6
        ? "complex numbers"
        : `${bits.join(", ")} bits of format ${format}`;
    throw refuseFrame(
      `page ${page} of the TIFF file must hold 8 to 64-bit integers or floats; got ${what}`,
    );
  }
  return name as ElementType;
}
