import { InputError } from "@quadrivium/core";

/** Refuses named values that are not positive. */
export function requirePositive(
  code: "E_OPTION" | "E_SCHEDULE",
  where: string,
  values: { readonly [name: string]: number },
): void {
  for (const [name, value] of Object.entries(values)) {
    if (value > 0) continue;
    throw new InputError(code, `${where}: ${name} must be positive; got ${value}`, {
      details: { [name]: value },
    });
  }
}
