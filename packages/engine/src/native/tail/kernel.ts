/** An instruction of a kernel that takes numbers to numbers. */
export type KernelOperator =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "min"
  | "max"
  | "neg"
  | "abs"
  | "sqrt"
  | "less"
  | "less_equal"
  | "equal"
  | "not_equal"
  /** 1 where a comparison holds, else 0. */
  | "number"
  /** The second operand where the first, a comparison, holds, else the third. */
  | "choose";

/** What an instruction reads: a parameter, the result of an earlier instruction, or a number. */
export type KernelOperand =
  | { readonly kind: "parameter"; readonly index: number }
  | { readonly kind: "step"; readonly index: number }
  | { readonly kind: "number"; readonly value: number };

/** One instruction. */
export interface KernelStep {
  readonly operator: KernelOperator;
  readonly operands: readonly KernelOperand[];
}

/**
 * A straight line of float32 arithmetic that one loop carries out for every element: what would be
 * many passes over memory is one.
 */
export interface Kernel {
  /** What comes in: an element of an array, or one number for all elements. */
  readonly parameters: readonly ("array" | "number")[];
  readonly steps: readonly KernelStep[];
  /** What each array that goes out holds. */
  readonly results: readonly KernelOperand[];
}
