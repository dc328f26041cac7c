const shifts = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];

/** $\lfloor 2^{32} |\sin(i + 1)| \rfloor$, the constants of the 64 steps. */
const constants = Uint32Array.from({ length: 64 }, (_, i) =>
  Math.floor(2 ** 32 * Math.abs(Math.sin(i + 1))),
);

/**
 * The MD5 digest in hexadecimal: cartridges are listed by it. No protection against anyone.
 *
 * @source Rivest 1992, RFC 1321
 */
export function md5(bytes: Uint8Array): string {
  const padded = new Uint8Array(((bytes.length + 8) >> 6) * 64 + 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, (bytes.length << 3) >>> 0, true);
  view.setUint32(padded.length - 4, Math.floor(bytes.length / 2 ** 29), true);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let block = 0; block < padded.length; block += 64) {
    let [a, b, c, d] = state;
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const [mixed, word] = mix(round, i, [b, c, d]);
      const sum = (a + mixed + constants[i] + view.getInt32(block + 4 * word, true)) | 0;
      const shift = shifts[round][i & 3];
      [a, d, c] = [d, c, b];
      b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
    }
    [a, b, c, d].forEach((part, index) => (state[index] += part));
  }
  const out = new DataView(new ArrayBuffer(16));
  state.forEach((word, index) => out.setInt32(4 * index, word, true));
  return Array.from({ length: 16 }, (_, i) => out.getUint8(i).toString(16).padStart(2, "0")).join(
    "",
  );
}

/** A step's function of three words, and which word of the block it takes. */
function mix(
  round: number,
  i: number,
  [b, c, d]: readonly [number, number, number],
): readonly [mixed: number, word: number] {
  switch (round) {
    case 0:
      return [(b & c) | (~b & d), i];
    case 1:
      return [(d & b) | (~d & c), (5 * i + 1) & 15];
    case 2:
      return [b ^ c ^ d, (3 * i + 5) & 15];
    default:
      return [c ^ (b | ~d), (7 * i) & 15];
  }
}
