import { InputError } from "@quadrivium/core";

/** What the joystick of the first player, and the console's RESET switch, are doing. */
export interface Controls {
  readonly up?: boolean;
  readonly down?: boolean;
  readonly left?: boolean;
  readonly right?: boolean;
  readonly fire?: boolean;
  readonly reset?: boolean;
}

/** An Atari 2600 with a cartridge, one frame after another. */
export interface AtariConsole {
  readonly width: number;
  readonly height: number;
  /** Runs to the end of the next frame. @throws E_ROM if the program draws none */
  runFrame(controls: Controls): void;
  /** The last frame. @shape [height, width]; a pixel is red + 256 · green + 65536 · blue */
  readonly screen: Uint32Array;
  /** A byte of the 128 bytes of RAM, by the low seven bits of its address. */
  ram(address: number): number;
}

/** Sizes of cartridges in bytes: plain, banked, and with a helping processor. */
const cartridgeSizes = new Set([
  2048, 4096, 6144, 8192, 8448, 10_240, 10_495, 12_288, 16_384, 24_576, 28_672, 29_696, 32_768,
  65_536, 131_072, 262_144, 524_288,
]);

const clocksPerLine = 228;

/** Lines without a finished frame after which a program counts as drawing none: 20 frames. */
const patienceLines = 20 * 262;

/**
 * A console with a cartridge, switched on; equal seeds give equal frames.
 *
 * @param rom the cartridge's bytes
 * @param options.seed decides what RAM holds when the console is switched on
 * @throws E_ROM if the bytes are no cartridge that the emulator runs
 * @throws E_EMULATOR if the emulator, an optional package, is not installed
 */
export async function openConsole(
  rom: Uint8Array,
  { seed = 0 }: { readonly seed?: number } = {},
): Promise<AtariConsole> {
  if (!cartridgeSizes.has(rom.length)) {
    throw new InputError(
      "E_ROM",
      `openConsole: a cartridge must have 2048, 4096 or another usual number of bytes; got ` +
        `${rom.length}; give the bare ROM, not an archive`,
      { details: { bytes: rom.length } },
    );
  }
  const { Board, Config, CartridgeFactory, CpuFactory } = await loadEmulator();
  const config = Config.create({
    randomSeed: seed + 1,
    enableAudio: false,
    cpuType: CpuFactory.Type.batchedAccess,
  });
  let board: EmulatedBoard;
  try {
    board = new Board(config, await new CartridgeFactory().createCartridge(rom));
  } catch (cause) {
    throw new InputError(
      "E_ROM",
      `openConsole: the emulator knows no such cartridge; got ${rom.length} bytes`,
      {
        cause,
      },
    );
  }
  return new EmulatedConsole(board);
}

class EmulatedConsole implements AtariConsole {
  readonly width: number;
  readonly height: number;
  readonly #board: EmulatedBoard;
  #screen: Uint32Array;
  #numFrames = 0;

  constructor(board: EmulatedBoard) {
    const video = board.getVideoOutput();
    this.#board = board;
    this.width = video.getWidth();
    this.height = video.getHeight();
    const surfaces = [0, 1].map(() => surfaceOf(this.width, this.height));
    this.#screen = surfaces[0].getBuffer();
    let next = 0;
    video.setSurfaceFactory(() => surfaces[next++ % 2]);
    video.newFrame.addHandler((surface) => {
      this.#screen = surface.getBuffer();
      this.#numFrames++;
    });
    board.setAudioEnabled(false);
    board.boot();
  }

  get screen(): Uint32Array {
    return this.#screen;
  }

  runFrame(controls: Controls): void {
    const board = this.#board;
    const stick = board.getJoystick0();
    stick.getUp().toggle(controls.up ?? false);
    stick.getDown().toggle(controls.down ?? false);
    stick.getLeft().toggle(controls.left ?? false);
    stick.getRight().toggle(controls.right ?? false);
    stick.getFire().toggle(controls.fire ?? false);
    board
      .getControlPanel()
      .getResetButton()
      .toggle(controls.reset ?? false);
    const before = this.#numFrames;
    for (let line = 0; this.#numFrames === before; line++) {
      if (line === patienceLines) throw noFrames();
      try {
        board.tick(clocksPerLine);
      } catch (cause) {
        throw noFrames(cause);
      }
    }
  }

  ram(address: number): number {
    return this.#board.getBus().peek(0x80 | (address & 0x7f));
  }
}

function noFrames(cause?: unknown): InputError {
  return new InputError(
    "E_ROM",
    "runFrame: the program must go on drawing frames; got none in 20 frames' time; is it a 2600 ROM?",
    { cause },
  );
}

function surfaceOf(width: number, height: number): Surface {
  const buffer = new Uint32Array(width * height);
  return {
    getWidth: () => width,
    getHeight: () => height,
    getBuffer: () => buffer,
    getByteOrder: () => 0,
  };
}

/** The parts of the emulator that are used, as it names them. */
interface Surface {
  getWidth(): number;
  getHeight(): number;
  getBuffer(): Uint32Array;
  getByteOrder(): number;
}
interface Switch {
  toggle(isOn: boolean): void;
}
interface EmulatedBoard {
  getVideoOutput(): {
    getWidth(): number;
    getHeight(): number;
    setSurfaceFactory(factory: () => Surface): unknown;
    readonly newFrame: { addHandler(handler: (surface: Surface) => void): unknown };
  };
  getJoystick0(): {
    readonly [part in "getUp" | "getDown" | "getLeft" | "getRight" | "getFire"]: () => Switch;
  };
  getControlPanel(): { getResetButton(): Switch };
  getBus(): { peek(address: number): number };
  setAudioEnabled(isOn: boolean): void;
  boot(): unknown;
  tick(clocks: number): number;
}
interface Emulator {
  readonly Board: new (config: unknown, cartridge: unknown) => EmulatedBoard;
  readonly Config: { create(options: object): unknown };
  readonly CartridgeFactory: new () => { createCartridge(rom: Uint8Array): Promise<unknown> };
  readonly CpuFactory: { readonly Type: { readonly batchedAccess: number } };
}

async function loadEmulator(): Promise<Emulator> {
  try {
    const [Board, Config, CartridgeFactory, CpuFactory] = await Promise.all([
      import("6502.ts/lib/machine/stella/Board.js"),
      import("6502.ts/lib/machine/stella/Config.js"),
      import("6502.ts/lib/machine/stella/cartridge/CartridgeFactory.js"),
      import("6502.ts/lib/machine/cpu/Factory.js"),
    ]);
    return {
      Board: exported(Board),
      Config: exported(Config),
      CartridgeFactory: exported(CartridgeFactory),
      CpuFactory: exported(CpuFactory),
    } as Emulator;
  } catch (cause) {
    throw new InputError(
      "E_EMULATOR",
      "openConsole: needs the optional package 6502.ts; got none that loads; install it with npm",
      { cause },
    );
  }
}

/** A CommonJS module's default export: wrapped once more by Node, not by bundlers. */
function exported(module: { readonly default: unknown }): unknown {
  const inner = module.default as { readonly default?: unknown };
  return inner.default ?? inner;
}
