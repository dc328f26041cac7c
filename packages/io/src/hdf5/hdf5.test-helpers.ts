import type { Dataset, File, Group } from "h5wasm";

let counter = 0;

/**
 * The bytes of a file written by the HDF5 library itself (h5wasm), which is the oracle of the
 * reader's tests.
 */
export async function writeHdf5(
  fill: (file: File) => void,
  options: { readonly libver?: "v108" | "latest" } = {},
): Promise<Uint8Array> {
  const h5wasm = await import("h5wasm");
  const { FS } = await h5wasm.ready;
  const path = `/${counter++}.h5`;
  const file = new h5wasm.File(path, "w", options);
  fill(file);
  file.close();
  const bytes = FS.readFile(path);
  FS.unlink(path);
  return Uint8Array.from(bytes);
}

/** Writes an attribute of one number or text. */
export function setAttribute(object: Group | Dataset, name: string, value: number | string): void {
  if (typeof value === "string") object.create_attribute(name, value);
  else object.create_attribute(name, value, [], "<d");
}
