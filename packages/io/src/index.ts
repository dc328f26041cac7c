export { readCsv, writeCsv, type Table } from "./csv.js";
export { type FrameFormat, type FrameSource, type MicroscopeFrame } from "./frames/frame.js";
export { readFrames } from "./frames/read-frames.js";
export { openHdf5, type Hdf5Dataset, type Hdf5Group } from "./hdf5/hdf5.js";
export { isHdf5 } from "./hdf5/superblock.js";
export { isText, numberOf, textOf, type Hdf5Value, type TextArray } from "./hdf5/values.js";
export { readNpy, writeNpy } from "./npy.js";
export { readNpz, writeNpz } from "./npz.js";
export { readTensors, type TensorFile } from "./read-tensors.js";
export { isParquet, readParquet, type NumericTable } from "./parquet.js";
export { writeParquet } from "./write-parquet.js";
export { writePng, type PaletteImage } from "./png.js";
export { readSafetensors, writeSafetensors, type Safetensors } from "./safetensors.js";
export { readTorch, type TorchFile } from "./torch/read-torch.js";
export { writeTorch } from "./torch/write-torch.js";
export { listZip, writeZip, type ZipEntry } from "./zip.js";
export {
  decodeProto,
  encodeProto,
  type ProtoField,
  type ProtoMessage,
  type ProtoRecord,
  type ProtoValue,
} from "./protobuf.js";
export { readEvents, writeEvents, type ScalarEvent } from "./tensorboard.js";
export { crc32c, readTfRecords, writeTfRecords } from "./tfrecord.js";
