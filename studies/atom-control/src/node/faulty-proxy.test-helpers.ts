import { connect, createServer, type Socket } from "node:net";
import type { Json } from "@quadrivium/core";
import type { Adapter } from "../loop/adapter.js";
import type { LoopClock } from "../loop/clock.js";
import { falsePark } from "../loop/fuzz-session.test-helpers.js";
import type { LinkFault } from "../loop/loop-fuzz.test-helpers.js";
import { onMessage, sendMessage } from "./framed-json.js";
import { connectAdapter, type RemoteAdapter } from "./remote-adapter.js";

const host = "127.0.0.1";
type Message = { readonly [name: string]: Json };

/** A link between a server and an adapter's port. */
export interface FaultyProxy {
  readonly port: number;
  /** Lets all run that waits for no clock, sockets among it. */
  readonly settle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What a proxy stands between. */
export interface FaultyProxyOptions {
  /** The adapter's port. */
  readonly to: number;
  readonly clock: LoopClock;
  readonly fault: () => LinkFault;
}

/** Loses, delays, doubles and falsifies messages on their way, or cuts the connection. */
export async function faultyProxy({ to, clock, fault }: FaultyProxyOptions): Promise<FaultyProxy> {
  let traffic = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host, port: to, noDelay: true });
    const cut = (): void => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", cut);
      socket.on("close", () => {
        traffic++;
        sockets.delete(socket);
        cut();
      });
    }
    const send = (socket: Socket, message: Message): void => {
      traffic++;
      if (!socket.destroyed) sendMessage(socket, message);
    };
    const methods = new Map<Json, Json>();
    onMessage(near, (message) => {
      const { id, method } = message;
      methods.set(id, method);
      const kind = fault();
      if (kind === "request lost") return;
      if (kind === "cut") cut();
      else if (kind === "claims" && method === "park") {
        send(near, { id, ok: true, result: falsePark as unknown as Json });
      } else {
        send(far, message);
        if (kind === "twice") send(far, message);
      }
    });
    onMessage(far, (message) => {
      const kind = fault();
      if (kind === "answer lost") return;
      if (kind === "late") clock.after(9000, () => send(near, message));
      else if (kind === "lies") send(near, falsified(message, methods.get(message.id)));
      else {
        send(near, message);
        if (kind === "twice") send(near, message);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    settle: async () => {
      // what is written on loopback is read in one of the next turns
      for (let quiet = 0; quiet < 4; quiet++) {
        const before = traffic;
        await new Promise((resolve) => setImmediate(resolve));
        if (traffic !== before) quiet = -1;
      }
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** An answer that keeps its form and lies: less current, no charge, another dwell. */
function falsified(message: Message, method: Json | undefined): Message {
  const result = message.result as Message | null;
  if (message.ok !== true || result === null) return message;
  if (method === "status") {
    return { ...message, result: { ...result, voltageKv: 60, currentNanoA: 0.01 } };
  }
  if (method !== "park") return message;
  return { ...message, result: { ...result, chargePicoC: 0, endMs: result.startMs } };
}

/** An adapter at a port, connected anew after the connection was lost. */
export function reconnecting(port: number): Adapter & { readonly close: () => Promise<void> } {
  let remote: Promise<RemoteAdapter> | undefined;
  const call = async <T>(run: (adapter: RemoteAdapter) => Promise<T>): Promise<T> => {
    const own = (remote ??= connectAdapter(host, port));
    try {
      return await run(await own);
    } catch (cause) {
      if (/connection|no adapter answers/.test(String(cause)) && remote === own) remote = undefined;
      throw cause;
    }
  };
  return {
    describe: () => call((adapter) => adapter.describe()),
    status: () => call((adapter) => adapter.status()),
    arm: (token, forMs) => call((adapter) => adapter.arm(token, forMs)),
    acquire: (command, token) => call((adapter) => adapter.acquire(command, token)),
    park: (command, token) => call((adapter) => adapter.park(command, token)),
    shift: (command, token) => call((adapter) => adapter.shift(command, token)),
    blank: () => call((adapter) => adapter.blank()),
    stop: () => call((adapter) => adapter.stop()),
    heartbeat: () => call((adapter) => adapter.heartbeat()),
    close: async () => (await remote?.catch(() => undefined))?.close(),
  };
}
