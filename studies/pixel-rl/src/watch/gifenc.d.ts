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
  /** Missing in Node, which sees only the default export of a CommonJS module. */
  export const GIFEncoder: (() => Encoder) | undefined;
  const module: { readonly GIFEncoder: () => Encoder };
  export default module;
}
