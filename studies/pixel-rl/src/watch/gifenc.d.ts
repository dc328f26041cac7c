declare module "gifenc" {
  interface Encoder {
    writeFrame(
      pixels: Uint8Array,
      width: number,
      height: number,
      options: { readonly palette?: number[][]; readonly delay?: number },
    ): void;
    finish(): void;
    bytes(): Uint8Array;
  }
  type Quantize = (rgba: Uint8Array, maxColors: number) => number[][];
  type ApplyPalette = (rgba: Uint8Array, palette: number[][]) => Uint8Array;
  /** Missing in Node, which sees only the default export of a CommonJS module. */
  export const GIFEncoder: (() => Encoder) | undefined;
  export const quantize: Quantize | undefined;
  export const applyPalette: ApplyPalette | undefined;
  const module: {
    readonly GIFEncoder: () => Encoder;
    readonly quantize: Quantize;
    readonly applyPalette: ApplyPalette;
  };
  export default module;
}
