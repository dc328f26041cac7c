export { InputError, invariant, QuadriviumError, type Json } from "./errors.js";
export {
  dtypeOf,
  hostArray,
  sizeOf,
  type DType,
  type HostArray,
  type HostData,
} from "./host-array.js";
export { flattenTree, mapTree, type IsLeaf, type Tree } from "./tree.js";
export { foldIn, key, split, threefry2x32, type Key } from "./key.js";
export {
  type Checkpoint,
  type Compute,
  type Context,
  type Event,
  type ParallelMap,
  type Segments,
  type Train,
  type TrainContext,
} from "./event.js";
export { type Claim, type Verdict } from "./claim.js";
export { type Figure } from "./figure.js";
export { normalQuantile } from "./normal-quantile.js";
export { portableExp, portableLog } from "./portable-math.js";
export * as random from "./random/index.js";
export { streamFrom, streamOf, type Stream, type StreamState } from "./random/stream.js";
export { Sha256, sha256 } from "./sha256.js";
export { broadcastShapes, rowMajorStrides, showShape } from "./shape.js";
export { canonicalJson, hashTree, isHostArray, stableHash } from "./stable-hash.js";
export {
  angstromFromNm,
  degFromRadians,
  electronsPerMsFromPicoA,
  elementaryChargeCoulomb,
  evFromJoule,
  jouleFromEv,
  msFromS,
  nmFromAngstrom,
  nmFromPm,
  pmFromNm,
  radiansFromDeg,
  sFromMs,
} from "./units.js";
