import { timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { sha256, type Json } from "@quadrivium/core";
import { z } from "zod";
import { LoopError } from "../loop/adapter.js";
import type { Limits } from "../loop/limits.js";
import { commandSchema } from "../loop/protocol.js";
import type { WalkSession } from "../loop/walk-session.js";
import type { RateGrid } from "../page/rate-grid.js";
import { pageShell } from "./page-shell.js";

/** What the operator's page leans on. */
export interface OperatorServerOptions {
  readonly session: WalkSession;
  readonly name: string;
  readonly limits: Limits;
  /** Needed for whatever changes anything; reading needs none. */
  readonly token: string;
  readonly host: string;
  readonly port: number;
  /** The log so far, which grows. */
  readonly logFile: string;
  /** Where the file of a frame is. */
  readonly frameFile: (hash: string) => string;
  /** The rates that are planned on; `null` where none are. */
  readonly rates: RateGrid | null;
}

/** A running server for operators and viewers. */
export interface OperatorServer {
  readonly port: number;
  /** Sends a line of the log to every viewer. */
  readonly publish: (line: string) => void;
  readonly close: () => Promise<void>;
}

const maxBodyBytes = 1 << 16;
const goalSchema = z.object({ xPx: z.number(), yPx: z.number() });
const jsonType = { "content-type": "application/json" };

/**
 * Serves a session over HTTP: the page, `GET /state`, `/log`, `/events` (server-sent), `/frames/HASH`
 * and `/rates` for viewers, and with `Authorization: Bearer TOKEN` the commands `POST /arm`,
 * `/disarm`, `/stop`, `/walk`, `/pause`, `/goal`, `/look`, `/command`.
 */
export async function operatorServer(options: OperatorServerOptions): Promise<OperatorServer> {
  const { token } = options;
  const viewers = new Set<ServerResponse>();
  const post = commands(options);

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? "/").split("?")[0];
    if (request.method === "GET" && path === "/events") {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.flushHeaders();
      viewers.add(response);
      response.on("close", () => viewers.delete(response));
      return undefined;
    }
    if (request.method === "GET") return show(path, response);
    if (request.method !== "POST") return send(response, 404, { error: `there is no ${path}` });
    const given = (request.headers.authorization ?? "").replace(/^Bearer /, "");
    if (!isSame(given, token))
      return send(response, 401, { error: "the token is missing or wrong" });
    try {
      return send(response, 200, await post(path, await bodyOf(request)));
    } catch (cause) {
      const error =
        cause instanceof LoopError ? cause : new LoopError("BAD_REQUEST", String(cause));
      return send(response, 409, {
        code: error.reason,
        limit: error.limit ?? null,
        error: error.message,
      });
    }
  };
  const show = async (path: string, response: ServerResponse): Promise<void> => {
    if (path === "/") {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.end(pageShell(options.name));
    } else if (path === "/state") {
      send(response, 200, stateOf(options));
    } else if (path === "/log") {
      await sendFile(response, options.logFile, "application/jsonl");
    } else if (path === "/rates") {
      send(response, 200, options.rates as unknown as Json);
    } else if (/^\/frames\/[0-9a-f]{64}$/.test(path)) {
      await sendFile(response, options.frameFile(path.slice(8)), "application/octet-stream");
    } else if (/^\/modules\/(page|perception)\/[a-z-]+\.js$/.test(path)) {
      await sendFile(response, moduleFile(path.slice(9)), "text/javascript");
    } else send(response, 404, { error: `there is no ${path}` });
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : options.port,
    publish: (line) => {
      for (const viewer of viewers) viewer.write(`data: ${line}\n\n`);
    },
    close: () =>
      new Promise((resolve) => {
        for (const viewer of viewers) viewer.end();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function stateOf({ session, name, limits }: OperatorServerOptions): Json {
  const { supervisor } = session;
  return {
    session: name,
    armed: supervisor.isArmed(),
    orientated: supervisor.isOrientated(),
    walking: session.isWalking(),
    totals: { ...supervisor.totals() },
    limits: limits as unknown as Json,
  };
}

/** What operators may ask for, by path. */
function commands({ session }: OperatorServerOptions) {
  const { supervisor } = session;
  let manual = 0;
  let pause = new AbortController();
  return async (path: string, body: { readonly [key: string]: Json }): Promise<Json> => {
    switch (path) {
      case "/arm":
        await supervisor.arm(String(body.session), Number(body.minutes ?? 10), "operator");
        return { armed: true };
      case "/disarm":
        await supervisor.disarm("operator");
        return { armed: false };
      case "/stop":
        await supervisor.emergencyStop("operator");
        return { armed: false };
      case "/walk":
        if (session.isWalking()) throw new LoopError("BAD_REQUEST", "a walk is under way");
        pause = new AbortController();
        session.walk(pause.signal).catch(() => {}); // how it ends is in the log
        return { walking: true };
      case "/pause":
        pause.abort();
        return { walking: false };
      case "/goal":
        session.setGoal(parsed(goalSchema, body), "operator");
        return body;
      case "/look":
        return { hash: (await session.look("operator")).hash };
      case "/command": {
        const key = typeof body.key === "string" ? body.key : `manual-${manual++}`;
        const command = parsed(commandSchema, body.command);
        const reply = await supervisor.execute(command, { key, actor: "operator", isManual: true });
        return reply as unknown as Json;
      }
      default:
        throw new LoopError("BAD_REQUEST", `there is no ${path}`);
    }
  };
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const found = schema.safeParse(value);
  if (found.success) return found.data;
  throw new LoopError("BAD_REQUEST", z.prettifyError(found.error));
}

/** A module of the page as it was built, wherever this file is run from. */
function moduleFile(path: string): URL {
  const built = import.meta.url.endsWith(".ts") ? "../../dist/" : "../";
  return new URL(`${built}${path}`, import.meta.url);
}

async function sendFile(response: ServerResponse, file: string | URL, type: string): Promise<void> {
  try {
    const bytes = await readFile(file);
    response.writeHead(200, { "content-type": type });
    response.end(bytes);
  } catch {
    send(response, 404, { error: "there is no such file" });
  }
}

function send(response: ServerResponse, status: number, body: Json): void {
  response.writeHead(status, jsonType);
  response.end(`${JSON.stringify(body)}\n`);
}

async function bodyOf(request: IncomingMessage): Promise<{ readonly [key: string]: Json }> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > maxBodyBytes) throw new LoopError("BAD_REQUEST", "the body is too long");
  }
  return text === "" ? {} : (JSON.parse(text) as { readonly [key: string]: Json });
}

/** Compares hashes, so that neither length nor content shows in the time taken. */
function isSame(given: string, token: string): boolean {
  const hash = (text: string): Buffer => Buffer.from(sha256(new TextEncoder().encode(text)), "hex");
  return timingSafeEqual(hash(given), hash(token));
}
