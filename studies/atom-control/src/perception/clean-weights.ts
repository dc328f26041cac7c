import { gaussianBlur, quantileOf, type Image } from "./image.js";

/** Detail finer than this is noise when dirt is looked for. @unit sides of the image */
const dirtDetail = 1 / 60;
/** Brighter than the dark fifth by so many times its distance to the dimmer third is no carbon. */
const dirtLevel = 4;
/** With less than this left clean, everything is looked at. */
const leastClean = 0.15;

/**
 * Where an image may show nothing but graphene: 1 there, 0 on bright atoms and dirt and a little
 * beyond, soft between.
 *
 * What carbon looks like is taken from the dimmer third of the image: dirt must leave as much.
 */
export function cleanWeights(image: Image): Image {
  const { width, height } = image;
  const detail = dirtDetail * Math.min(width, height);
  const { values } = gaussianBlur(image, detail);
  const dark = quantileOf(values, 0.05);
  const brightest = dark + dirtLevel * (quantileOf(values, 0.35) - dark);
  const bright = gaussianBlur(
    { values: values.map((v) => (v > brightest ? 1 : 0)), width, height },
    detail,
  );
  const weights = bright.values.map((share) => Math.max(0, 1 - 4 * share));
  const left = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return { values: left < leastClean ? weights.fill(1) : weights, width, height };
}
