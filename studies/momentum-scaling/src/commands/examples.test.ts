import { expect, test } from "vitest";
import { commands } from "./index.js";

test.each(commands.map((command) => [command.name, command] as const))(
  "the examples of %s begin with the verb and use flags that it has",
  (name, command) => {
    expect(command.examples).not.toHaveLength(0);
    const { shape } = command.input as unknown as { readonly shape: object };
    const flags = Object.keys(shape).map((field) =>
      field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    );
    for (const example of command.examples!) {
      expect(example.split(" ")[0]).toBe(name);
      const used = Array.from(example.matchAll(/--([a-z0-9-]+)/g), (match) => match[1]!);
      // flags of every verb, added by the command line
      for (const flag of used) expect([...flags, "json"]).toContain(flag);
    }
  },
);
