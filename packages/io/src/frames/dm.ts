import type { Json } from "@quadrivium/core";
import { decodeElements } from "../elements.js";
import { type DmFile, dmNumber, type DmTag, dmTag, dmText, readDmTags } from "./dm-tags.js";
import { angstroms, framesOf, type MicroscopeFrame, refuseFrame } from "./frame.js";

/** What DigitalMicrograph calls the numbers that are not real. */
const notReal: { readonly [dataType: number]: string } = {
  3: "complex numbers",
  5: "packed complex numbers",
  8: "colours",
  13: "complex numbers",
  23: "colours",
};

/**
 * Frames of a DM3 or DM4 file of DigitalMicrograph. Where the file holds several images, the first
 * is its thumbnail and left out.
 *
 * @source D. Mitchell and B. Schaffer, descriptions of the DM3 and DM4 formats
 */
export function readDm(bytes: Uint8Array): MicroscopeFrame[] {
  const file = readDmTags(bytes);
  const list = dmTag(file.root, "ImageList");
  const images = list?.kind === "group" ? list.entries.map(([, tag]) => tag) : [];
  const withData = images.filter((image) => dmTag(image, "ImageData", "Data")?.kind === "array");
  if (withData.length === 0) throw refuseFrame("the DM file must hold an image; it has none");
  const wanted = withData.length > 1 ? withData.slice(1) : withData;
  return wanted.flatMap((image) => readImage(file, image, images.indexOf(image)));
}

function readImage(file: DmFile, image: DmTag, index: number): MicroscopeFrame[] {
  const data = dmTag(image, "ImageData", "Data");
  const dimensions = dmTag(image, "ImageData", "Dimensions");
  if (data?.kind !== "array" || dimensions?.kind !== "group") {
    throw refuseFrame(`image ${index} of the DM file lacks its dimensions`);
  }
  const dataType = dmNumber(dmTag(image, "ImageData", "DataType")) ?? -1;
  if (data.element === undefined || dataType in notReal) {
    throw refuseFrame(
      `image ${index} of the DM file must hold real numbers; got ${notReal[dataType] ?? "records"}`,
    );
  }
  // The first dimension runs fastest.
  const shape = dimensions.entries.map(([, tag]) => dmNumber(tag) ?? 0).toReversed();
  const size = shape.reduce((product, length) => product * length, 1);
  if (size !== data.length) {
    throw refuseFrame(
      `image ${index} of the DM file has dimensions [${shape.join(", ")}] but ${data.length} numbers`,
    );
  }
  const { littleEndian } = file;
  const pixelSize = (axis: number): number | null => {
    const calibration = dmTag(image, "ImageData", "Calibrations", "Dimension", axis);
    return angstroms(
      dmNumber(dmTag(calibration, "Scale")),
      dmText(dmTag(calibration, "Units"), littleEndian),
    );
  };
  const tags = dmTag(image, "ImageTags");
  return framesOf({
    format: "dm",
    detail: `DM${file.version} image ${index}`,
    array: decodeElements(data.bytes, data.element, shape, { littleEndian }),
    pixelSizes: [pixelSize(0), pixelSize(1)],
    metadata: tags === undefined ? {} : { imageTags: plain(tags, littleEndian) },
  });
}

/** Tags as plain data; arrays that are no texts are left out. */
function plain(tag: DmTag, littleEndian: boolean): Json {
  if (tag.kind === "value") return tag.value;
  if (tag.kind === "array") return dmText(tag, littleEndian) ?? null;
  return Object.fromEntries(
    tag.entries.map(([name, child], i) => [
      name === "" ? `${i}` : name,
      plain(child, littleEndian),
    ]),
  );
}
