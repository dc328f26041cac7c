import { foldIn, type HostArray, type Key, type Tree } from "@quadrivium/core";
import type { np } from "@quadrivium/engine";
import { makeBottleneck } from "./bottleneck/make-bottleneck.js";
import type { Bottleneck, BottleneckOptions } from "./bottleneck/bottleneck.js";
import { encoderPlan, type EncoderOptions } from "./encoders.js";
import { applyEncoder, initEncoder, type EncoderParams, type Observe } from "./encoder.js";
import { withCoordinateChannels, withCoordinates } from "./coordinates.js";
import { makeHead, type Head, type HeadOptions } from "./head.js";
import type { LinearShape, LinearStyle, NetworkNoise } from "./linear.js";
import { visitConvolutions, type EncoderStep, type MapShape } from "./plan.js";

/** Everything that fixes a value network. */
export interface NetworkOptions extends EncoderOptions, BottleneckOptions, HeadOptions {
  readonly noisy: boolean;
  /** Whether the encoder also sees two channels with each place's row and column. */
  readonly coordinates: boolean;
}

/** A value network: encoder φ, bottleneck and head ψ, ready to be initialised and applied. */
export interface Network {
  readonly input: MapShape;
  /** What the encoder sees: the input, with its coordinates where they are asked for. */
  readonly encoderInput: MapShape;
  readonly steps: readonly EncoderStep[];
  /** Shape of the encoder's map. */
  readonly map: MapShape;
  readonly bottleneck: Bottleneck;
  readonly head: Head;
  /** The noisy layers of a forward pass by name. */
  readonly noisyLayers: { readonly [name: string]: LinearShape };
}

/** A network's parameters. */
export type NetworkParams<Leaf> = {
  readonly encoder: EncoderParams<Leaf>;
  readonly bottleneck: Tree<Leaf>;
  readonly head: Tree<Leaf>;
};

/** The network of an option set for images of a shape. */
export function makeNetwork(options: NetworkOptions, input: MapShape): Network {
  const encoderInput = options.coordinates ? withCoordinateChannels(input) : input;
  const steps = encoderPlan(options, encoderInput);
  const map = visitConvolutions(steps, encoderInput);
  const style: LinearStyle = {
    noisy: options.noisy,
    start: options.encoder === "minatar" ? "fan-in-uniform" : "glorot-uniform",
  };
  const bottleneck = makeBottleneck(map, options, style);
  const head = makeHead(bottleneck.numFeatures, options, style);
  return {
    input,
    encoderInput,
    steps,
    map,
    bottleneck,
    head,
    noisyLayers: { ...bottleneck.noisyLayers, ...head.noisyLayers },
  };
}

/** Parameters before training. */
export function initNetwork(key: Key, network: Network): NetworkParams<HostArray> {
  return {
    encoder: initEncoder(foldIn(key, 0), network.steps, network.encoderInput),
    bottleneck: network.bottleneck.init(foldIn(key, 1)),
    head: network.head.init(foldIn(key, 2)),
  };
}

/** What a forward pass gives. */
export interface NetworkOutput {
  /** Values of the actions, or logits of their return's atoms. @shape [batch, actions, atoms] */
  readonly outputs: np.Array;
  /** What the head reads. @shape [batch, features] */
  readonly features: np.Array;
}

/** How a network is applied. */
interface ApplyOptions {
  /** Noise of this pass; without it noisy layers use their means. */
  readonly noise?: NetworkNoise<np.Array>;
  /** Is shown every activation after a ReLU. */
  readonly observe?: Observe;
}

/**
 * Applies a network to a batch of images.
 *
 * @param images @shape [batch, channels, height, width]. @owns borrows
 */
export function applyNetwork(
  network: Network,
  params: NetworkParams<np.Array>,
  images: np.Array,
  options: ApplyOptions = {},
): NetworkOutput {
  return applyToMap(network, params, mapOf(network, params, images, options.observe), options);
}

/** The encoder's map of a batch of images. @shape [batch, channels, height, width] */
export function mapOf(
  network: Network,
  params: NetworkParams<np.Array>,
  images: np.Array,
  observe: Observe = () => {},
): np.Array {
  const hasCoordinates = network.encoderInput !== network.input;
  const seen = hasCoordinates ? withCoordinates(images) : images;
  return applyEncoder(params.encoder, network.steps, seen, observe);
}

/** Applies what follows the encoder. @param map of {@link mapOf}. @owns borrows */
export function applyToMap(
  network: Network,
  params: NetworkParams<np.Array>,
  map: np.Array,
  options: ApplyOptions = {},
): NetworkOutput {
  const { noise, observe = () => {} } = options;
  const passed = { observe, ...(noise === undefined ? {} : { noise }) };
  const features = network.bottleneck.apply(params.bottleneck, map, passed);
  return { outputs: network.head.apply(params.head, features, noise), features };
}
