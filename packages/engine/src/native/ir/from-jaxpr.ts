import { invariant, type HostArray } from "@quadrivium/core";
import type { EngineDType } from "../../array.js";
import { primitiveError } from "../../errors.js";
import type { FlatProgram } from "../../executor.js";
import { toHostSync } from "../../jax/host-copy.js";
import type { Array, Jaxpr } from "../../jax/jax.js";
import { numberAs } from "./numbers.js";
import type { Constant, Operation, OperationName, Program, Value } from "./program.js";
import { promote, type TypedOperand } from "./promote.js";

type Atom = Jaxpr["outs"][number];
type Variable = Jaxpr["inBinders"][number];
type Equation = Jaxpr["eqns"][number];

/** For each primitive whose operands meet in one dtype, the first of those operands. */
const meetFrom: { readonly [primitive: string]: number } = {
  add: 0,
  mul: 0,
  idiv: 0,
  mod: 0,
  min: 0,
  max: 0,
  bit_combine: 0,
  compare: 0,
  dot: 0,
  conv: 0,
  concatenate: 0,
  where: 1,
};

/**
 * Translates a trace, nested `jit` flattened and every change of dtype written out. Constants are
 * read when they are first wanted: jax-js's gradients carry zeros as large as the windows of a
 * pooling, which simplification drops. So the trace must stay alive until the program is lowered.
 *
 * @throws E_PRIMITIVE for float16, which the native executor does not compute with
 */
export function fromJaxpr({ name, closed }: FlatProgram): Program {
  const translation = new Translation(name);
  const jaxpr = closed.jaxpr.flatten();
  const binders = jaxpr.inBinders.map((variable) => translation.declare(variable, "argument"));
  closed.consts.forEach((constant, at) => {
    translation.constants.set(binders[at], readWhenWanted(constant as Array, binders[at]));
  });
  for (const equation of jaxpr.eqns) translation.translate(equation);
  const outputs = jaxpr.outs.map((atom) => translation.use(atom));
  return {
    name,
    inputs: binders.slice(closed.consts.length),
    constants: translation.constants,
    operations: translation.operations,
    outputs,
  };
}

/** A constant of the trace. */
function readWhenWanted(array: Array, spec: Value): Constant {
  let read: HostArray | undefined;
  return {
    kind: "array",
    get host() {
      return (read ??= toHostSync(array.ref, spec));
    },
  };
}

/** The state of one translation. */
class Translation {
  readonly constants = new Map<Value, Constant>();
  readonly operations: Operation[] = [];
  readonly #values = new Map<Variable, Value>();
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  declare(variable: Variable, primitive: string): Value {
    const { shape } = variable.aval;
    const dtype: string = variable.aval.dtype;
    if (dtype === "float16") {
      const reason = "the native executor does not compute with float16";
      throw primitiveError(this.#name, primitive, {}, reason);
    }
    const value: Value = { dtype: dtype as EngineDType, shape };
    this.#values.set(variable, value);
    return value;
  }

  use(atom: Atom): Value {
    if ("value" in atom) {
      const dtype: string = atom.aval.dtype;
      return this.#number(dtype as EngineDType, Number(atom.value));
    }
    const value = this.#values.get(atom);
    invariant(value !== undefined, "a variable is bound before it is used");
    return value;
  }

  translate({ primitive, inputs, params, outBinders }: Equation): void {
    const name: string = primitive;
    const values = inputs.map((atom) => this.use(atom));
    const from = meetFrom[name] ?? values.length;
    const dtype = from < values.length ? promote(inputs.slice(from).map(typeOf)) : "bool";
    this.operations.push({
      name: name as OperationName,
      inputs: values.map((value, at) => (at < from ? value : this.#cast(value, dtype))),
      parameters: params,
      outputs: outBinders.map((variable) => this.declare(variable, name)),
    } as unknown as Operation);
  }

  #number(dtype: EngineDType, value: number): Value {
    const literal: Value = { dtype, shape: [] };
    this.constants.set(literal, { kind: "splat", value });
    return literal;
  }

  #cast(value: Value, dtype: EngineDType): Value {
    if (value.dtype === dtype) return value;
    const constant = this.constants.get(value);
    if (constant?.kind === "splat") {
      return this.#number(dtype, numberAs(dtype, constant.value, value.dtype));
    }
    const output: Value = { dtype, shape: value.shape };
    this.operations.push({
      name: "cast",
      inputs: [value],
      parameters: { dtype },
      outputs: [output],
    });
    return output;
  }
}

function typeOf(atom: Atom): TypedOperand {
  const dtype: string = atom.aval.dtype;
  return { dtype: dtype as EngineDType, weakType: atom.aval.weakType };
}
