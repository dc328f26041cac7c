import { ourContestant, peerContestant } from "./contestants.mjs";
import { describeMachine, machineInfo } from "./machine.mjs";
import { manySeeds } from "./many-seeds.mjs";
import { findPython } from "./peer-process.mjs";
import { race } from "./race.mjs";
import { dqn } from "../workloads/dqn.mjs";
import { impala } from "../workloads/impala.mjs";
import { matmul } from "../workloads/matmul.mjs";
import { mlp } from "../workloads/mlp.mjs";
import { modularAddition } from "../workloads/modular-addition.mjs";

/**
 * What is raced, and the targets: at most this share of PyTorch's time with as many threads, and at
 * least this many times jax-js's speed on WebAssembly.
 */
const races = {
  matmul: { workload: matmul, ofTorch: 1 },
  mlp: { workload: mlp, ofTorch: 1, timesWasm: 20 },
  modular: { workload: modularAddition, ofTorch: 1, timesWasm: 20 },
  dqn: { workload: dqn, ofTorch: 0.5, timesWasm: 20 },
  impala10: { workload: impala(10), ofTorch: 1, timesWasm: 20 },
  impala84: { workload: impala(84), ofTorch: 1.5, aimedAt: 1.2, timesWasm: 20 },
};
const seedMinutes = 5;
const threadCounts = [1, 2];

async function contestantsFor(workload, { python, withWasm }) {
  const contestants = [];
  for (const threads of threadCounts) {
    contestants.push(await ourContestant(workload, { executor: "native", threads }));
    if (python.reason === undefined) {
      contestants.push(await peerContestant(workload, { python: python.python, threads }));
    }
  }
  if (withWasm) contestants.push(await ourContestant(workload, { executor: "wasm" }));
  return contestants;
}

/** Says whether contestants that performed equally many steps stand at the same loss. */
async function agree(contestants) {
  const losses = [];
  for (const contestant of contestants) {
    await contestant.advance(2);
    losses.push(await contestant.loss());
  }
  const spread = Math.max(...losses) - Math.min(...losses);
  return { losses, agree: spread <= 1e-3 * Math.max(...losses.map(Math.abs)) };
}

function ratiosOf({ ofTorch, aimedAt, timesWasm }, times) {
  const timeOf = (name) => times.find((time) => time.name === name);
  const ms = (name) => timeOf(name)?.ms;
  const plural = (threads) => `${threads} thread${threads > 1 ? "s" : ""}`;
  const ratios = [];
  for (const threads of threadCounts) {
    const ours = timeOf(`native, ${plural(threads)}`);
    const peer = timeOf(`PyTorch, ${plural(threads)}`);
    if (peer === undefined) continue;
    const ratio = ours.ms / peer.ms;
    ratios.push({
      of: `native / PyTorch, ${plural(threads)}`,
      ratio,
      processorRatio: ours.cpuMs / peer.cpuMs,
      target: `≤ ${ofTorch}${aimedAt === undefined ? "" : `, aimed at ${aimedAt}`}`,
      met: ratio <= ofTorch,
    });
  }
  const wasm = ms("wasm");
  if (wasm !== undefined && timesWasm !== undefined) {
    const ours = Math.min(...threadCounts.map((threads) => ms(`native, ${plural(threads)}`)));
    const ratio = wasm / ours;
    ratios.push({ of: "wasm / native", ratio, target: `≥ ${timesWasm}`, met: ratio >= timesWasm });
  }
  return ratios;
}

function report({ workload, times, losses, agreed, ratios }, say) {
  say(`\n${workload.name}`);
  say(`  after 2 steps: loss ${losses.map((loss) => loss.toPrecision(6)).join(", ")}`);
  if (!agreed) say("  THE CONTESTANTS DISAGREE: the ratios below compare different work");
  for (const { name, ms, fastest, cpuMs } of times) {
    const speed =
      workload.gigaflop === undefined ? "" : `  ${((workload.gigaflop / ms) * 1e3) | 0} GFLOP/s`;
    say(
      `  ${name.padEnd(20)} ${ms.toFixed(3).padStart(10)} ms` +
        `  (fastest ${fastest.toFixed(3)}, processor ${cpuMs.toFixed(3)})${speed}`,
    );
  }
  for (const { of, ratio, processorRatio, target, met } of ratios) {
    const processor =
      processorRatio === undefined ? "" : `  (of processor time ${processorRatio.toFixed(2)})`;
    say(
      `  ${of.padEnd(28)} ${ratio.toFixed(2).padStart(6)}  target ${target}: ` +
        `${met ? "pass" : "miss"}${processor}`,
    );
  }
}

/** The names that `only` may hold. */
export const raceNames = [...Object.keys(races), "seeds"];

/**
 * Races the chosen workloads and trains the seeds, telling the results as they come.
 *
 * @param {{ only: readonly string[], rounds: number, withWasm: boolean, say: (text: string) => void }} options
 */
export async function raceEngine({ only, rounds, withWasm, say }) {
  const machine = machineInfo();
  const python = findPython();
  say(describeMachine(machine));
  say(
    python.reason === undefined ? `PyTorch ${python.version}` : `PyTorch skipped: ${python.reason}`,
  );
  const results = [];
  for (const name of only.filter((each) => each in races)) {
    const { workload } = races[name];
    const contestants = await contestantsFor(workload, { python, withWasm });
    const { losses, agree: agreed } = await agree(contestants);
    const times = await race(contestants, { rounds, turnMs: 300 });
    for (const contestant of contestants) await contestant.close();
    const ratios = ratiosOf(races[name], times);
    report({ workload, times, losses, agreed, ratios }, say);
    results.push({ name: workload.name, times, losses, agreed, ratios });
  }
  const seeds = only.includes("seeds") ? await trainSeeds(say) : null;
  const peer = python.reason === undefined ? { version: python.version } : python;
  return { machine, peer, results, seeds };
}

async function trainSeeds(say) {
  const seeds = await manySeeds();
  const { trained, generalised, seconds, projectedMinutes, processorMinutes } = seeds;
  say("\n100 networks of the quick modular-addition recipe, n = 59, two processes");
  say(
    `  ${trained} trained to their end in ${seconds.toFixed(1)} s; ${generalised} reach test accuracy 1`,
  );
  say(
    `  100 would take ${projectedMinutes.toFixed(2)} min  target ≤ ${seedMinutes}: ` +
      `${projectedMinutes <= seedMinutes ? "pass" : "miss"}` +
      `  (by processor time ${processorMinutes.toFixed(2)})`,
  );
  return seeds;
}
