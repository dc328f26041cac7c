import { opcodes, type Mode } from "./opcodes.test-helpers.js";

/** A line of a program once its place is known. */
interface Placed {
  readonly line: number;
  readonly address: number;
  readonly name: string;
  readonly mode: Mode;
  readonly operand: string;
}

const bytesOf = (mode: Mode): number =>
  mode === "implied" || mode === "accumulator" ? 1 : mode === "absolute" ? 3 : 2;

/**
 * Assembles a 6502 program for a cartridge whose last six bytes point to `start`.
 *
 * A line is `label:`, `name = value`, or an instruction with an operand: `#value` immediate, `value`
 * or `value,x` an address (of the zero page where it is below 256), `a` the accumulator, a label for
 * a branch. Values are decimal, hexadecimal after `$`, binary after `%`, or names; `;` begins a remark.
 *
 * @param options.size bytes of the cartridge; it ends at 0xffff
 * @throws with the line that cannot be assembled
 */
export function assemble(source: string, { size }: { readonly size: number }): Uint8Array {
  const origin = 0x10000 - size;
  const names = new Map<string, number>();
  const placed: Placed[] = [];
  let address = origin;
  source.split("\n").forEach((text, index) => {
    const line = index + 1;
    const code = text.replace(/;.*/, "").trim().toLowerCase();
    if (code === "") return;
    const definition = /^([a-z_]\w*)\s*=\s*(\S+)$/.exec(code);
    const label = /^([a-z_]\w*):$/.exec(code);
    if (definition !== null) names.set(definition[1], valueOf(definition[2], names, line));
    else if (label !== null) names.set(label[1], address);
    else {
      const [name, operand = ""] = code.split(/\s+/, 2);
      const mode = modeOf(name, operand, { names, line });
      placed.push({ line, address, name, mode, operand });
      address += bytesOf(mode);
    }
  });
  const rom = new Uint8Array(size);
  for (const step of placed) rom.set(encode(step, names), step.address - origin);
  const start = valueOf("start", names, 0);
  for (let vector = size - 6; vector < size; vector += 2) {
    rom.set([start & 255, start >> 8], vector);
  }
  return rom;
}

function modeOf(
  name: string,
  operand: string,
  { names, line }: { readonly names: ReadonlyMap<string, number>; readonly line: number },
): Mode {
  const modes = opcodes[name];
  if (modes === undefined) throw refusal(line, `knows no instruction ${name}`);
  const wanted = ((): Mode => {
    if (operand === "") return "implied";
    if (operand === "a") return "accumulator";
    if (operand.startsWith("#")) return "immediate";
    if ("relative" in modes) return "relative";
    if (operand.endsWith(",x")) return "zeroPageX";
    // Labels are not yet known, and lie in the cartridge: never in the zero page.
    const isLow = /^[$%\d]/.test(operand) || names.has(operand);
    return isLow && valueOf(operand, names, line) < 256 ? "zeroPage" : "absolute";
  })();
  if (wanted in modes) return wanted;
  throw refusal(line, `${name} takes no operand ${operand || "of nothing"}`);
}

function encode(
  { line, address, name, mode, operand }: Placed,
  names: ReadonlyMap<string, number>,
): number[] {
  const code = opcodes[name][mode]!;
  const value = (): number => valueOf(operand.replace(/^#|,x$/g, ""), names, line);
  switch (mode) {
    case "implied":
    case "accumulator":
      return [code];
    case "absolute":
      return [code, value() & 255, value() >> 8];
    case "relative": {
      const distance = value() - (address + 2);
      if (distance < -128 || distance > 127) throw refusal(line, `${operand} is too far`);
      return [code, distance & 255];
    }
    default:
      return [code, value() & 255];
  }
}

function valueOf(text: string, names: ReadonlyMap<string, number>, line: number): number {
  const named = names.get(text);
  if (named !== undefined) return named;
  const value = text.startsWith("$")
    ? Number.parseInt(text.slice(1), 16)
    : text.startsWith("%")
      ? Number.parseInt(text.slice(1), 2)
      : Number(text);
  if (Number.isInteger(value)) return value;
  throw refusal(line, `knows no name ${text}`);
}

function refusal(line: number, reason: string): Error {
  return new Error(`assemble: line ${line} ${reason}`);
}
