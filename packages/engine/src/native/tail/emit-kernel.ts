import { unsignedLeb128, wasmTypes, type WasmFunction } from "@quadrivium/numerics";
import type { Kernel, KernelOperand, KernelOperator, KernelStep } from "./kernel.js";

const [loop, branchIf, end] = [0x03, 0x0d, 0x0b];
const [localGet, localSet, localTee] = [0x20, 0x21, 0x22];
const [i32Const, i32Add, i32LessUnsigned] = [0x41, 0x6a, 0x49];
const emptyBlock = 0x40;
const openLoop = [loop, emptyBlock];

/** Goes round again while the number on the stack is below a bound. */
const repeatBelow = (bound: readonly number[]): readonly number[] => [
  ...bound,
  i32LessUnsigned,
  branchIf,
  0,
  end,
];

/** Elements of a vector, and their bytes. */
const vectorBytes = 16;

/** An instruction on vectors. */
const simd = (code: number): readonly number[] => [0xfd, ...unsignedLeb128(code)];

const vector = {
  load: [...simd(0x00), 2, 0],
  loadSplat: [...simd(0x09), 2, 0],
  store: [...simd(0x0b), 2, 0],
  constant: simd(0x0c),
  and: simd(0x4e),
  choose: simd(0x52),
  smallerOrFirst: simd(0xea),
  largerOrFirst: simd(0xeb),
} as const;

/** Instructions that are the operator itself, of single precision in four lanes. */
const direct: { readonly [operator in KernelOperator]?: readonly number[] } = {
  equal: simd(0x41),
  not_equal: simd(0x42),
  less: simd(0x43),
  less_equal: simd(0x45),
  abs: simd(0xe0),
  neg: simd(0xe1),
  sqrt: simd(0xe3),
  add: simd(0xe4),
  sub: simd(0xe5),
  mul: simd(0xe6),
  div: simd(0xe7),
  min: simd(0xe8),
  max: simd(0xe9),
};

/**
 * A function that carries a kernel out: (bytes of an array, an address for each parameter, an
 * address for each result).
 *
 * It goes in whole vectors, four elements at once, and so up to three elements beyond the end:
 * arrays must lie in memory of a multiple of 16 bytes.
 */
export function emitKernel({ parameters, steps, results }: Kernel): WasmFunction {
  const numParameters = 1 + parameters.length + results.length;
  const offset = numParameters;
  const loaded = (index: number): number => offset + 1 + index;
  const computed = (index: number): number => offset + 1 + parameters.length + index;
  const get = (local: number): readonly number[] => [localGet, ...unsignedLeb128(local)];
  const set = (local: number): readonly number[] => [localSet, ...unsignedLeb128(local)];
  const value = (operand: KernelOperand): readonly number[] => {
    switch (operand.kind) {
      case "number":
        return [...vector.constant, ...fourTimes(operand.value)];
      case "parameter":
        return get(loaded(operand.index));
      case "step":
        return get(computed(operand.index));
    }
  };
  const address = (parameter: number): readonly number[] => [
    ...get(1 + parameter),
    ...get(offset),
    i32Add,
  ];
  const nextVector = [
    ...get(offset),
    i32Const,
    vectorBytes,
    i32Add,
    localTee,
    ...unsignedLeb128(offset),
  ];
  const code = [
    ...parameters.flatMap((kind, index) =>
      kind === "number" ? [...get(1 + index), ...vector.loadSplat, ...set(loaded(index))] : [],
    ),
    ...openLoop,
    ...parameters.flatMap((kind, index) =>
      kind === "array" ? [...address(index), ...vector.load, ...set(loaded(index))] : [],
    ),
    ...steps.flatMap((step, index) => [...instructions(step, value), ...set(computed(index))]),
    ...results.flatMap((operand, index) => [
      ...address(parameters.length + index),
      ...value(operand),
      ...vector.store,
    ]),
    ...nextVector,
    ...repeatBelow(get(0)),
  ];
  return {
    numParameters,
    locals: [
      { count: 1, type: wasmTypes.i32 },
      { count: parameters.length + steps.length, type: wasmTypes.v128 },
    ],
    code,
  };
}

function instructions(
  { operator, operands }: KernelStep,
  value: (operand: KernelOperand) => readonly number[],
): readonly number[] {
  if (operator === "number") {
    const one = [...vector.constant, ...fourTimes(1)];
    return [...value(operands[0]), ...one, ...vector.and];
  }
  if (operator === "choose") {
    const [condition, yes, no] = operands.map(value);
    return [...yes, ...no, ...condition, ...vector.choose];
  }
  const known = operands.findIndex((each) => each.kind === "number" && !Number.isNaN(each.value));
  if ((operator === "max" || operator === "min") && known >= 0) {
    // Beside a known number one instruction does: it returns its first operand where that is NaN.
    const [other, number] = [operands[1 - known], operands[known]];
    const compare = operator === "max" ? vector.largerOrFirst : vector.smallerOrFirst;
    return [...value(other), ...value(number), ...compare];
  }
  return [...operands.flatMap(value), ...direct[operator]!];
}

/** A number's bytes in each of four lanes. */
function fourTimes(number: number): readonly number[] {
  return [...new Uint8Array(new Float32Array(4).fill(number).buffer)];
}
