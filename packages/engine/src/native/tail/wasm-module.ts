/** Sections of a WebAssembly module, by number. */
const sections = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;

/** Types of values, as they are encoded. */
export const wasmTypes = { i32: 0x7f, v128: 0x7b } as const;

/** The letters asm after a zero, and the version. */
const preamble = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

const functionForm = 0x60;
const memoryKind = 2;
const functionKind = 0;

/** A function that takes whole numbers and returns nothing. */
export interface WasmFunction {
  /** How many i32 parameters it has. */
  readonly numParameters: number;
  /** Its further variables: runs of equal types. */
  readonly locals: readonly { readonly count: number; readonly type: number }[];
  /** Its instructions, without the final `end`. */
  readonly code: readonly number[];
}

/** A whole number below 2³² in as few bytes as it takes. */
export function unsigned(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return bytes;
}

const list = (items: readonly (readonly number[])[]): readonly number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];

const text = (value: string): readonly number[] => list([...value].map((c) => [c.charCodeAt(0)]));

const section = (number: number, items: readonly (readonly number[])[]): readonly number[] => {
  const content = list(items);
  return [number, ...unsigned(content.length), ...content];
};

/**
 * The bytes of a module that imports `heap.memory` of this many pages and exports its functions as
 * `f0`, `f1` and so on.
 *
 * @source WebAssembly Core Specification 2.0, §5.5 "Modules"
 */
export function wasmModule(
  functions: readonly WasmFunction[],
  pages: number,
): Uint8Array<ArrayBuffer> {
  const end = 0x0b;
  const bounded = 1;
  const bytes = [
    ...preamble,
    ...section(
      sections.type,
      functions.map(({ numParameters }) => [
        functionForm,
        ...list(Array.from({ length: numParameters }, () => [wasmTypes.i32])),
        ...list([]),
      ]),
    ),
    ...section(sections.import, [
      [
        ...text("heap"),
        ...text("memory"),
        memoryKind,
        bounded,
        ...unsigned(pages),
        ...unsigned(pages),
      ],
    ]),
    ...section(
      sections.function,
      functions.map((_, index) => unsigned(index)),
    ),
    ...section(
      sections.export,
      functions.map((_, index) => [...text(`f${index}`), functionKind, ...unsigned(index)]),
    ),
    ...section(
      sections.code,
      functions.map(({ locals, code }) => {
        const variables = list(locals.map(({ count, type }) => [...unsigned(count), type]));
        const body = [...variables, ...code, end];
        return [...unsigned(body.length), ...body];
      }),
    ),
  ];
  return Uint8Array.from(bytes);
}
