import { normalCdf } from "@quadrivium/numerics";
import { boundedCosine as cosine } from "./bounded-cosine.js";
import type { Program, ProgramCluster, ProgramNeuron } from "./program.js";

/**
 * Prepares an extracted program to run on any pair. It shares no code with the networks or with
 * their analysis, so that its agreement with them is evidence.
 *
 * Within a frequency the neurons' output waves add up to one, $P\cos\theta_c - Q\sin\theta_c$ with
 * $P=\sum s_j\cos\varphi_{out}$ and $Q=\sum s_j\sin\varphi_{out}$.
 *
 * @returns the logits of a pair, one a residue; the same array is filled again at every call
 */
export function compileProgram(program: Program): (a: number, b: number) => Float64Array {
  const { modulus: n, activation } = program;
  const logits = new Float64Array(n);
  const wave = (frequency: number, amplitude: number, phase: number): Float64Array =>
    Float64Array.from({ length: n }, (_, x) =>
      amplitude === 0 ? 0 : amplitude * cosine((2 * Math.PI * ((frequency * x) % n)) / n + phase),
    );
  /** The waves of all neurons of a frequency, those of one residue side by side. */
  const table = (
    { frequency, neurons }: ProgramCluster,
    of: (neuron: ProgramNeuron) => readonly [amplitude: number, phase: number],
  ): Float64Array | null => {
    if (neurons.every((neuron) => of(neuron)[0] === 0)) return null;
    const values = new Float64Array(n * neurons.length);
    neurons.forEach((neuron, j) => {
      const [amplitude, phase] = of(neuron);
      wave(frequency, amplitude, phase).forEach((x, at) => (values[at * neurons.length + j] = x));
    });
    return values;
  };
  const clusters = program.clusters.map((cluster) => ({
    gain: cluster.gain,
    size: cluster.neurons.length,
    beta: Float64Array.from(cluster.neurons, ({ beta }) => beta),
    a: table(cluster, (j) => [j.ampA, j.phiA]),
    b: table(cluster, (j) => [j.ampB, j.phiB]),
    sum: table(cluster, (j) => [j.ampSum ?? 0, j.phiSum ?? 0]),
    difference: table(cluster, (j) => [j.ampDifference ?? 0, j.phiDifference ?? 0]),
    outCos: Float64Array.from(cluster.neurons, (j) => j.gainOut * cosine(j.phiOut)),
    outSin: Float64Array.from(cluster.neurons, (j) => j.gainOut * cosine(j.phiOut - Math.PI / 2)),
    cos: wave(cluster.frequency, 1, 0),
    sin: wave(cluster.frequency, 1, -Math.PI / 2),
  }));
  const potential = new Float64Array(Math.max(0, ...clusters.map(({ size }) => size)));
  return (a, b) => {
    logits.set(program.bias);
    for (const cluster of clusters) {
      const { gain, size, cos, sin, outCos, outSin } = cluster;
      potential.set(cluster.beta);
      addRow(potential, cluster.a, a, size);
      addRow(potential, cluster.b, b, size);
      addRow(potential, cluster.sum, (a + b) % n, size);
      addRow(potential, cluster.difference, (a - b + n) % n, size);
      fire(activation, potential, size);
      let p = 0;
      let q = 0;
      for (let j = 0; j < size; j++) {
        const strength = gain * potential[j];
        p += strength * outCos[j];
        q += strength * outSin[j];
      }
      for (let c = 0; c < n; c++) logits[c] += p * cos[c] - q * sin[c];
    }
    return logits;
  };
}

function addRow(
  potential: Float64Array,
  table: Float64Array | null,
  row: number,
  size: number,
): void {
  if (table === null) return;
  const start = row * size;
  for (let j = 0; j < size; j++) potential[j] += table[start + j];
}

/** Applies the activation to the first `size` potentials, in place. */
function fire(activation: Program["activation"], potential: Float64Array, size: number): void {
  if (activation === "relu") {
    for (let j = 0; j < size; j++) if (potential[j] < 0) potential[j] = 0;
    return;
  }
  for (let j = 0; j < size; j++) {
    const x = potential[j];
    if (activation === "square") potential[j] = x * x;
    else potential[j] = activation === "abs" ? Math.abs(x) : x * normalCdf(x);
  }
}
