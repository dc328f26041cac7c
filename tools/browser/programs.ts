/** What runs both in a page and in Node, through the entries that a page has. */
import { hashTree, hostArray, key, streamOf, type HostArray, type Json } from "@quadrivium/core";
import { compile, dispose, listExecutors, np, read, valueAndGrad } from "@quadrivium/engine";
import { initialParameters, splitPairs, trainingConfig } from "@quadrivium/modular-addition";
import { study } from "@quadrivium/modular-addition/browser";

export { walkSilicon } from "./atom-loop.js";

type Executor = "native" | "wasm" | "webgpu";

/** Numbers of a training, and the hash of what came from the key alone. */
export interface Trained {
  /** Of initial parameters and data. */
  readonly startHash: string;
  readonly losses: readonly number[];
  readonly parameters: { readonly [name: string]: readonly number[] };
}

/** The executors that run here. */
export async function executors(): Promise<readonly string[]> {
  return (await listExecutors()).filter(({ available }) => available).map(({ name }) => name);
}

/** Twenty steps of gradient descent with momentum on a net of two layers, as an engine program. */
export async function trainNet(executor: Executor): Promise<Trained> {
  const stream = streamOf(key(11));
  const normal = (...shape: number[]): HostArray =>
    hostArray(
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => stream.normal() / 3),
      shape,
    );
  const params = { w1: normal(6, 16), b1: normal(16), w2: normal(16, 3) };
  const start = { params, x: normal(32, 6), y: normal(32, 3) };
  type Arrays<Names extends string> = { readonly [Name in Names]: np.Array };
  type Params = Arrays<"w1" | "b1" | "w2">;
  const loss = ({ w1, b1, w2 }: Params, x: np.Array, y: np.Array): np.Array => {
    const hidden = np.tanh(np.matmul(x.ref, w1.ref).add(b1.ref));
    return np.mean(np.square(np.matmul(hidden, w2.ref).sub(y.ref)));
  };
  const gradient = valueAndGrad(loss);
  const step = (p: Params, x: np.Array, y: np.Array): { p: Params; loss: np.Array } => {
    const [value, grads] = gradient(p, x, y) as [np.Array, Params];
    const moved = (name: keyof Params): np.Array => p[name].ref.sub(grads[name].mul(0.3));
    return { p: { w1: moved("w1"), b1: moved("b1"), w2: moved("w2") }, loss: value };
  };
  const program = await compile(step, [params, start.x, start.y], { executor });
  let state: Parameters<typeof program.run>[0] = params;
  const losses: number[] = [];
  for (let at = 0; at < 20; at++) {
    const next = await program.run(state, start.x, start.y);
    if (at > 0) dispose(state as never);
    losses.push(Number((await read(next.loss)).data[0]));
    dispose(next.loss);
    state = next.p;
  }
  const trained = (await read(state as never)) as { readonly [name: string]: HostArray };
  dispose(state as never);
  await program.dispose();
  return { startHash: hashTree(start), losses, parameters: numbersOf(trained) };
}

const recipes = {
  "full batch": {},
  "mini-batches": { batchSize: "modulus", optimizer: "adam-l2", weightDecay: 1e-4 },
} as const;

/** A small network of the study, trained by its own events. */
export async function trainNetwork(
  executor: Executor,
  recipe: keyof typeof recipes,
): Promise<Trained & { readonly events: readonly string[] }> {
  const config = trainingConfig.parse({
    modulus: 7,
    width: 12,
    embeddingDim: 6,
    epochs: 20,
    evaluateEvery: 5,
    checkpointEvery: 20,
    ...recipes[recipe],
  });
  const { train, test } = splitPairs(config, key(5));
  const split = { train: hostArray(train, [train.length]), test: hostArray(test, [test.length]) };
  const events: string[] = [];
  const losses: number[] = [];
  let parameters = {};
  for await (const event of study.train(config, {
    key: key(5),
    signal: new AbortController().signal,
    // a page's host names WebGPU too, which no command line offers
    compute: { executor: executor as "wasm", threads: 1 },
    map: mapsNothing,
  })) {
    events.push(event.kind);
    if (event.kind === "metric" && event.name === "crossEntropy") losses.push(event.value);
    if (event.kind === "checkpoint") {
      parameters = (event.tree as { readonly params: { readonly [name: string]: HostArray } })
        .params;
    }
  }
  return {
    startHash: hashTree({ params: initialParameters(config, key(5)), split }),
    losses,
    parameters: numbersOf(parameters),
    events,
  };
}

/** Plants a network whose algorithm is known, and dissects it, by the study's own verbs. */
export async function plantAndDissect(): Promise<Json> {
  const files = new Map<string, Uint8Array>();
  const context = {
    signal: new AbortController().signal,
    compute: { executor: "wasm" as const, threads: 1 },
    map: mapsNothing,
    progress: () => {},
    readFile: async (path: string) => files.get(path)!,
    writeFile: async (path: string, content: Uint8Array | string) => {
      files.set(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
    },
  };
  const verb = async (name: string, input: object): Promise<Json> => {
    const command = study.commands.find((each) => each.name === name)!;
    return (await command.run(command.input.parse(input), context)) as Json;
  };
  await verb("plant", { out: "planted.safetensors" });
  return verb("dissect", { file: "planted.safetensors", program: "program.json" });
}

function mapsNothing(): never {
  throw new Error("nothing here is spread over processes");
}

function numbersOf(arrays: { readonly [name: string]: HostArray }): {
  [name: string]: readonly number[];
} {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { data }]) => [name, Array.from(data, Number)]),
  );
}
