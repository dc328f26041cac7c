import type { Hdf5Group } from "../hdf5/hdf5.js";
import { numberOf, textOf } from "../hdf5/values.js";
import { angstroms, framesOf, type MicroscopeFrame, refuseFrame } from "./frame.js";
import { numbers } from "./hdf5-numbers.js";

/**
 * Frames of a DM5 file: the tags of DigitalMicrograph as HDF5 groups and attributes. The first of
 * several images is the thumbnail and left out.
 */
export function readDm5(root: Hdf5Group): MicroscopeFrame[] {
  const list = root.get("ImageList");
  if (list?.kind !== "group") throw refuseFrame("ImageList must be a group");
  const images = list.names
    .map((name) => ({ name, data: list.get(`${name}/ImageData/Data`) }))
    .filter(({ data }) => data?.kind === "dataset");
  const wanted = images.length > 1 ? images.slice(1) : images;
  if (wanted.length === 0) throw refuseFrame("the DM5 file must hold an image; it has none");
  return wanted.flatMap(({ name, data }) => {
    if (data?.kind !== "dataset") return [];
    const dimensions = list.get(`${name}/ImageData/Calibrations/Dimension`);
    const pixelSize = (axis: number): number | null => {
      if (dimensions?.kind !== "group") return null;
      const calibration = dimensions.get(`[${axis}]`) ?? dimensions.get(`${axis}`);
      return angstroms(
        numberOf(calibration?.attribute("Scale")),
        textOf(calibration?.attribute("Units")),
      );
    };
    return framesOf({
      format: "dm5",
      detail: data.path,
      array: numbers(data),
      pixelSizes: [pixelSize(0), pixelSize(1)],
    });
  });
}
