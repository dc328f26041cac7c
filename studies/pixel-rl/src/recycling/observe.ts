import { hostArray, type Compute, type HostArray } from "@quadrivium/core";
import { compile, dispose, read, type DeviceArray, type np } from "@quadrivium/engine";
import { applyNetwork, type Network, type NetworkParams } from "../network/network.js";
import type { RecyclableLayer } from "./recyclable-layers.js";

/** Shows what layers do on a batch. */
export interface Observer {
  /**
   * @param images @shape [batch, channels, height, width], flat
   * @returns activations after the ReLU by layer
   */
  observe(params: unknown, images: Float32Array): Promise<{ readonly [name: string]: HostArray }>;
  dispose(): Promise<void>;
}

/** Compiles a look at some layers; noisy layers use their means. */
export async function openObserver(
  network: Network,
  layers: readonly RecyclableLayer[],
  given: {
    readonly params: NetworkParams<HostArray>;
    readonly batchSize: number;
    readonly compute: Compute;
  },
): Promise<Observer> {
  const { channels, height, width } = network.input;
  const shape = [given.batchSize, channels, height, width];
  const names = new Set(layers.map(({ name }) => name));
  const program = await compile(
    (params: np.Array, images: np.Array) => {
      const active: { [layer: string]: np.Array } = {};
      const { outputs, features } = applyNetwork(
        network,
        params as unknown as NetworkParams<np.Array>,
        images,
        { observe: (name, seen) => names.has(name) && (active[name] = seen.ref) },
      );
      outputs.dispose();
      features.dispose();
      return active;
    },
    [given.params as unknown as DeviceArray, { dtype: "float32", shape }] as const,
    { ...given.compute, name: "observe" },
  );
  return {
    async observe(params, images) {
      const result = await program.run(params as DeviceArray, hostArray(images, shape) as never);
      const active = (await read(result)) as unknown as { readonly [name: string]: HostArray };
      dispose(result as unknown as DeviceArray);
      return active;
    },
    dispose: async () => program.dispose(),
  };
}
