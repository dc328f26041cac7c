import { sizeOf } from "@quadrivium/core";
import type { Operation, Program, Value } from "../ir/program.js";
import type { Kernel, KernelOperand, KernelStep } from "./kernel.js";
import { isPointwise, kernelOperator } from "./pointwise.js";

/** Where something lies that a kernel reads: a result of the head or an argument of the program. */
export type Source =
  | { readonly from: "head"; readonly index: number }
  | { readonly from: "input"; readonly index: number };

/** A kernel at work on arrays of one size. */
export interface KernelCall {
  readonly kernel: Kernel;
  /** Elements of each array. */
  readonly size: number;
  /** What its parameters are. */
  readonly sources: readonly Source[];
  /** Which results of the program it writes. */
  readonly outputs: readonly number[];
}

/** A program in two parts: its head, and the element-by-element arithmetic at its end. */
export interface SplitProgram {
  /** The whole. */
  readonly program: Program;
  /** What comes first; its results are those that `headOutputs` names and then what kernels read. */
  readonly head: Program;
  /** Which results of the program are the head's first results. */
  readonly headOutputs: readonly number[];
  readonly calls: readonly KernelCall[];
}

/** Fewer operations than these are left where they are: a matrix product may take two of them in. */
const fewestSteps = 3;

/**
 * Cuts off the arithmetic at the end of a program that goes element by element, as optimizers have
 * it: an operation belongs to it if it is pointwise and only the like read what it computes.
 *
 * @returns `undefined` if there is no such arithmetic, or nothing else
 */
export function splitTail(program: Program): SplitProgram | undefined {
  const groups = groupsOf(tailOf(program)).filter(
    (group) => group.filter((each) => kernelOperator(each) !== "same").length >= fewestSteps,
  );
  const inTail = new Set(groups.flat());
  const rest = program.operations.filter((operation) => !inTail.has(operation));
  if (groups.length === 0 || rest.length === 0) return undefined;

  const written = new Set([...inTail].flatMap(({ outputs }) => outputs));
  const headOutputs = [...program.outputs.keys()].filter((at) => !written.has(program.outputs[at]));
  const results = headOutputs.map((at) => program.outputs[at]);
  const places = new Map<Value, number>();
  const sourceOf = (value: Value): Source => {
    const input = program.inputs.indexOf(value);
    if (input >= 0) return { from: "input", index: input };
    const index = places.get(value) ?? results.push(value) - 1;
    places.set(value, index);
    return { from: "head", index };
  };
  const calls = groups.map((group) => kernelCall(group, program, sourceOf));
  return { program, head: { ...program, operations: rest, outputs: results }, headOutputs, calls };
}

/**
 * The operations at the end that kernels can do. A comparison made elsewhere is no number that a
 * kernel could read, so what chooses by one stays there as well.
 */
function tailOf(program: Program): readonly Operation[] {
  const left = new Set<Operation>();
  for (;;) {
    const tail = tailWithout(left, program);
    const made = new Set(tail.flatMap(({ outputs }) => outputs));
    const stranded = tail.filter(({ inputs }) =>
      inputs.some((input) => input.dtype === "bool" && !made.has(input)),
    );
    if (stranded.length === 0) return tail;
    for (const operation of stranded) left.add(operation);
  }
}

function tailWithout(left: ReadonlySet<Operation>, program: Program): readonly Operation[] {
  const readElsewhere = new Set<Value>();
  const tail: Operation[] = [];
  for (const operation of [...program.operations].reverse()) {
    const wanted = operation.outputs.some((output) => readElsewhere.has(output));
    if (!wanted && !left.has(operation) && isPointwise(operation, program)) tail.push(operation);
    else for (const input of operation.inputs) readElsewhere.add(input);
  }
  return tail.reverse();
}

/** Operations that hand arrays to one another together, each after those it reads. */
function groupsOf(operations: readonly Operation[]): readonly (readonly Operation[])[] {
  const groupOf = new Map<Value, readonly Operation[]>();
  for (const operation of operations) {
    const met = new Set(
      operation.inputs.flatMap((input) => {
        const group = groupOf.get(input);
        return group === undefined ? [] : [group];
      }),
    );
    const group = [...[...met].flat(), operation];
    for (const { outputs } of group) for (const output of outputs) groupOf.set(output, group);
  }
  return [...new Set(groupOf.values())];
}

/** The kernel that does some operations, and what it reads and writes. */
function kernelCall(
  operations: readonly Operation[],
  program: Program,
  sourceOf: (value: Value) => Source,
): KernelCall {
  const operands = new Map<Value, KernelOperand>();
  const parameters: Kernel["parameters"][number][] = [];
  const sources: Source[] = [];
  const steps: KernelStep[] = [];
  const operandOf = (value: Value): KernelOperand => {
    const known = operands.get(value);
    if (known !== undefined) return known;
    const constant = program.constants.get(value);
    if (constant?.kind === "splat") return { kind: "number", value: constant.value };
    const index = parameters.push(sizeOf(value.shape) === 1 ? "number" : "array") - 1;
    sources.push(sourceOf(value));
    const operand = { kind: "parameter", index } as const;
    operands.set(value, operand);
    return operand;
  };
  for (const operation of operations) {
    const operator = kernelOperator(operation)!;
    const read = operation.inputs.map(operandOf);
    const [output] = operation.outputs;
    if (operator === "same") operands.set(output, read[0]);
    else
      operands.set(output, { kind: "step", index: steps.push({ operator, operands: read }) - 1 });
  }
  const made = new Set(operations.flatMap(({ outputs }) => outputs));
  const outputs = [...program.outputs.keys()].filter((at) => made.has(program.outputs[at]));
  const results = outputs.map((at) => operandOf(program.outputs[at]));
  const size = sizeOf(operations[0].outputs[0].shape);
  return { kernel: { parameters, steps, results }, size, sources, outputs };
}
