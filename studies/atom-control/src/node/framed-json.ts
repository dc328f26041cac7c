import type { Socket } from "node:net";
import type { Json } from "@quadrivium/core";

/** Bytes that a message may have; a frame of 2048 × 2048 fits. */
const maxMessageBytes = 64 * 2 ** 20;

/** Sends a message: its length as 4 bytes, highest first, then UTF-8 JSON. */
export function sendMessage(socket: Socket, message: Json): void {
  const body = Buffer.from(JSON.stringify(message), "utf8");
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  socket.write(Buffer.concat([head, body]));
}

/**
 * Hears messages. A length beyond the limit, or content that is no JSON object, ends the connection:
 * after it nothing can be trusted.
 */
export function onMessage(
  socket: Socket,
  receive: (message: { readonly [name: string]: Json }) => void,
): void {
  let waiting: Buffer[] = [];
  let size = 0;
  socket.on("data", (chunk: Buffer) => {
    waiting.push(chunk);
    size += chunk.length;
    for (;;) {
      if (size < 4) return;
      let all = waiting.length === 1 ? waiting[0] : Buffer.concat(waiting);
      waiting = [all];
      const length = all.readUInt32BE(0);
      if (length > maxMessageBytes) {
        socket.destroy();
        return;
      }
      if (size < 4 + length) return;
      const message = parse(all.subarray(4, 4 + length));
      all = all.subarray(4 + length);
      waiting = [all];
      size = all.length;
      if (message === undefined) {
        socket.destroy();
        return;
      }
      receive(message);
    }
  });
}

function parse(body: Buffer): { readonly [name: string]: Json } | undefined {
  try {
    const value = JSON.parse(body.toString("utf8")) as unknown;
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as { readonly [name: string]: Json }) : undefined;
  } catch {
    return undefined;
  }
}
