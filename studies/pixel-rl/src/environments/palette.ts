/** A colour, each part a byte. */
export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * Colours of a board's channels, by their number: equally spaced along the cubehelix, as MinAtar's
 * own display has them.
 *
 * @source Green 2011, "A colour scheme for the display of astronomical intensity images"
 */
export const palettes: { readonly [numChannels: number]: readonly Rgb[] } = {
  4: [
    [22, 61, 78],
    [84, 121, 47],
    [208, 126, 147],
    [193, 202, 243],
  ],
  6: [
    [26, 36, 65],
    [27, 97, 69],
    [105, 123, 48],
    [200, 123, 124],
    [205, 162, 224],
    [198, 225, 241],
  ],
  7: [
    [27, 30, 59],
    [22, 83, 76],
    [68, 119, 49],
    [161, 121, 74],
    [212, 132, 169],
    [198, 180, 238],
    [203, 232, 240],
  ],
  10: [
    [25, 18, 43],
    [23, 52, 76],
    [24, 91, 72],
    [60, 118, 50],
    [126, 122, 54],
    [188, 121, 103],
    [212, 134, 175],
    [202, 169, 231],
    [194, 210, 243],
    [214, 240, 239],
  ],
};
