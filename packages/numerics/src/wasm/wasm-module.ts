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

/** A whole number below 2³² in as few bytes as it takes, seven bits each, the lowest first (LEB128). */
export function unsignedLeb128(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return bytes;
}

/** A signed number of 32 bits in as few bytes as it takes, the last one's bit 6 its sign (LEB128). */
export function signedLeb128(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  while (rest < -64 || rest > 63) {
    bytes.push((rest & 127) | 128);
    rest >>= 7;
  }
  return [...bytes, rest & 127];
}

const list = (items: readonly (readonly number[])[]): readonly number[] => [
  ...unsignedLeb128(items.length),
  ...items.flat(),
];

const text = (value: string): readonly number[] => list([...value].map((c) => [c.charCodeAt(0)]));

const section = (number: number, items: readonly (readonly number[])[]): readonly number[] => {
  const content = list(items);
  return [number, ...unsignedLeb128(content.length), ...content];
};

/** A memory's size in pages of 64 KiB; without `maximumPages` it may grow. */
export interface WasmMemoryLimits {
  readonly pages: number;
  readonly maximumPages?: number;
}

/**
 * The bytes of a WebAssembly module that imports `heap.memory` of these limits and exports its
 * functions as `f0`, `f1` and so on.
 *
 * @source WebAssembly Core Specification 2.0, §5.5 "Modules"
 */
export function wasmModule(
  functions: readonly WasmFunction[],
  { pages, maximumPages }: WasmMemoryLimits,
): Uint8Array<ArrayBuffer> {
  const end = 0x0b;
  const limits =
    maximumPages === undefined
      ? [0, ...unsignedLeb128(pages)]
      : [1, ...unsignedLeb128(pages), ...unsignedLeb128(maximumPages)];
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
    ...section(sections.import, [[...text("heap"), ...text("memory"), memoryKind, ...limits]]),
    ...section(
      sections.function,
      functions.map((_, index) => unsignedLeb128(index)),
    ),
    ...section(
      sections.export,
      functions.map((_, index) => [...text(`f${index}`), functionKind, ...unsignedLeb128(index)]),
    ),
    ...section(
      sections.code,
      functions.map(({ locals, code }) => {
        const variables = list(locals.map(({ count, type }) => [...unsignedLeb128(count), type]));
        const body = [...variables, ...code, end];
        return [...unsignedLeb128(body.length), ...body];
      }),
    ),
  ];
  return Uint8Array.from(bytes);
}
