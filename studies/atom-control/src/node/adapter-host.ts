import { createServer, type Server, type Socket } from "node:net";
import type { Json } from "@quadrivium/core";
import { type Adapter, LoopError } from "../loop/adapter.js";
import type { AcquireCommand, ParkCommand, ShiftCommand } from "../loop/protocol.js";
import { onMessage, sendMessage } from "./framed-json.js";

/**
 * Offers an adapter over TCP to one server at a time; a lost connection stops the beam.
 *
 * The adapter must be guarded: commands are passed on as they come.
 */
export async function hostAdapter(
  adapter: Adapter,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  let current: Socket | undefined;
  const server: Server = createServer({ noDelay: true }, (socket) => {
    if (current !== undefined) {
      socket.destroy();
      return;
    }
    current = socket;
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      current = undefined;
      adapter.stop().catch(() => {}); // its watchdog blanks if this fails
    });
    onMessage(socket, (message) => {
      const id = typeof message.id === "number" ? message.id : -1;
      answer(adapter, message).then(
        (result) => sendMessage(socket, { id, ok: true, result }),
        (cause: unknown) => {
          const error =
            cause instanceof LoopError ? cause : new LoopError("INSTRUMENT", String(cause));
          const { reason, limit } = error;
          sendMessage(socket, {
            id,
            ok: false,
            error: { reason, message: error.message, limit: limit ?? null },
          });
        },
      );
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        current?.destroy();
        server.close(() => resolve());
      }),
  };
}

async function answer(adapter: Adapter, message: { readonly [name: string]: Json }): Promise<Json> {
  const params = (message.params ?? {}) as { readonly [name: string]: Json };
  const token = typeof params.token === "string" ? params.token : "";
  switch (message.method) {
    case "describe":
      return adapter.describe();
    case "status":
      return adapter.status();
    case "arm":
      await adapter.arm(token, Number(params.forMs));
      return null;
    case "acquire":
      return adapter.acquire(params.command as AcquireCommand, token);
    case "park":
      return (await adapter.park(params.command as ParkCommand, token)) as Json;
    case "shift":
      await adapter.shift(params.command as ShiftCommand, token);
      return null;
    case "blank":
      await adapter.blank();
      return null;
    case "stop":
      await adapter.stop();
      return null;
    case "heartbeat":
      await adapter.heartbeat();
      return null;
    default:
      throw new LoopError("BAD_REQUEST", `there is no method "${String(message.method)}"`);
  }
}
