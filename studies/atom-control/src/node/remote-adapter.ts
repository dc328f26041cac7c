import { connect, type Socket } from "node:net";
import type { Json } from "@quadrivium/core";
import { z } from "zod";
import { type Adapter, LoopError } from "../loop/adapter.js";
import {
  acquiredSchema,
  descriptionSchema,
  errorCodeSchema,
  parkedSchema,
  statusSchema,
} from "../loop/protocol.js";
import { onMessage, sendMessage } from "./framed-json.js";

const replySchema = z.union([
  z.object({ id: z.int(), ok: z.literal(true), result: z.unknown() }),
  z.object({
    id: z.int(),
    ok: z.literal(false),
    error: z.object({
      reason: errorCodeSchema,
      message: z.string(),
      limit: z.string().nullable().optional(),
    }),
  }),
]);

/** An adapter at the other end of a TCP connection, see docs/atom-control-protocol.md. */
export interface RemoteAdapter extends Adapter {
  readonly close: () => void;
}

/** Connects to an adapter; every answer is checked against the protocol before it is believed. */
export async function connectAdapter(host: string, port: number): Promise<RemoteAdapter> {
  const socket = await open(host, port);
  const waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  let next = 0;
  let lost: LoopError | undefined;
  const fail = (reason: string): void => {
    lost ??= new LoopError("INSTRUMENT", `the connection to the adapter is lost: ${reason}`);
    for (const { reject } of waiting.values()) reject(lost);
    waiting.clear();
  };
  socket.on("error", (error) => fail(error.message));
  socket.on("close", () => fail("closed"));
  onMessage(socket, (message) => {
    const parsed = replySchema.safeParse(message);
    if (!parsed.success) {
      socket.destroy();
      return;
    }
    const reply = parsed.data;
    const promise = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (promise === undefined) return; // a late answer to what was given up
    if (reply.ok) promise.resolve(reply.result);
    else {
      const { reason, message: text, limit } = reply.error;
      promise.reject(new LoopError(reason, text, limit ?? undefined));
    }
  });
  const call = async <T>(method: string, params: Json, schema: z.ZodType<T>): Promise<T> => {
    if (lost !== undefined) throw lost;
    const id = next++;
    const answer = new Promise<unknown>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
    });
    sendMessage(socket, { id, method, params });
    const parsed = schema.safeParse(await answer);
    if (parsed.success) return parsed.data;
    throw new LoopError("INSTRUMENT", `the answer to ${method} is not as the protocol says`);
  };
  const nothing = z.unknown().transform(() => undefined);
  return {
    describe: () => call("describe", {}, descriptionSchema),
    status: () => call("status", {}, statusSchema),
    arm: (token, forMs) => call("arm", { token, forMs }, nothing),
    acquire: (command, token) => call("acquire", { command, token }, acquiredSchema),
    park: (command, token) => call("park", { command, token }, parkedSchema),
    shift: (command, token) => call("shift", { command, token }, nothing),
    blank: () => call("blank", {}, nothing),
    stop: () => call("stop", {}, nothing),
    heartbeat: () => call("heartbeat", {}, nothing),
    close: () => socket.destroy(),
  };
}

function open(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    socket.once("connect", () => resolve(socket));
    socket.once("error", (cause) =>
      reject(
        new LoopError("INSTRUMENT", `no adapter answers at ${host}:${port}: ${cause.message}`),
      ),
    );
  });
}
