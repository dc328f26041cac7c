import { sizeOf } from "@quadrivium/core";
import type { Operation, OperationName, Program, Value } from "../ir/program.js";
import type { KernelOperator } from "./kernel.js";

const operators: { readonly [Name in OperationName]?: KernelOperator } = {
  add: "add",
  sub: "sub",
  mul: "mul",
  div: "div",
  min: "min",
  max: "max",
  neg: "neg",
  abs: "abs",
  sqrt: "sqrt",
};

/** The kernel's operator that does what an operation does; `same` for one that only reshapes. */
export function kernelOperator(operation: Operation): KernelOperator | "same" | undefined {
  switch (operation.name) {
    case "reshape":
    case "broadcast":
      return "same";
    case "where":
      return "choose";
    case "cast":
      return operation.inputs[0].dtype === "bool" ? "number" : undefined;
    case "compare":
      return operation.parameters.op;
    default:
      return operators[operation.name];
  }
}

/** Says whether a value is one number, in memory or known. */
export function isOneNumber(value: Value, { constants }: Program): boolean {
  return sizeOf(value.shape) === 1 || constants.get(value)?.kind === "splat";
}

/**
 * Says whether a kernel can do an operation: element by element, in float32, on arrays that lie
 * alike and single numbers. Comparisons may be in between, but nobody else may want them.
 */
export function isPointwise(operation: Operation, program: Program): boolean {
  const { inputs, outputs } = operation;
  const [output] = outputs;
  const operator = kernelOperator(operation);
  const size = sizeOf(output.shape);
  if (operator === undefined || outputs.length > 1 || size < 2) return false;
  const isBool = operator !== "same" && operation.name === "compare";
  if (output.dtype !== (isBool ? "bool" : "float32")) return false;
  if (isBool && program.outputs.includes(output)) return false;
  return inputs.every((input, at) => {
    const isCondition = at === 0 && (operator === "choose" || operator === "number");
    if (input.dtype !== (isCondition ? "bool" : "float32")) return false;
    if (isOneNumber(input, program)) return !isCondition;
    return sizeOf(input.shape) === size && !program.constants.has(input);
  });
}
