import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { sha256, type Json } from "@quadrivium/core";
import { LoopError } from "../loop/adapter.js";
import type { LoopCommand } from "../loop/protocol.js";
import type { WalkSession } from "../loop/walk-session.js";

/** What the operator's page leans on. */
export interface OperatorServerOptions {
  readonly session: WalkSession;
  readonly name: string;
  /** Needed for whatever changes anything; reading needs none. */
  readonly token: string;
  readonly host: string;
  readonly port: number;
}

/** A running server for operators and viewers. */
export interface OperatorServer {
  readonly port: number;
  /** Sends an entry of the log to every viewer. */
  readonly publish: (entry: Json) => void;
  readonly close: () => Promise<void>;
}

const maxBodyBytes = 1 << 16;

/**
 * Serves a session over HTTP: `GET /state` and `GET /events` (server-sent) for viewers, and with
 * `Authorization: Bearer TOKEN` the commands `POST /arm`, `/disarm`, `/stop`, `/walk`, `/command`.
 */
export async function operatorServer(options: OperatorServerOptions): Promise<OperatorServer> {
  const { session, name, token } = options;
  const { supervisor } = session;
  const viewers = new Set<ServerResponse>();
  let outcome: Json = null;
  let manual = 0;

  const post = async (path: string, body: { readonly [key: string]: Json }): Promise<Json> => {
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
        session.walk().then(
          (ended) => (outcome = ended as unknown as Json),
          (error: unknown) => (outcome = { reason: String(error) }),
        );
        return { walking: true };
      case "/command": {
        const key = typeof body.key === "string" ? body.key : `manual-${manual++}`;
        const command = body.command as unknown as LoopCommand;
        const reply = await supervisor.execute(command, { key, actor: "operator", isManual: true });
        return reply as unknown as Json;
      }
      default:
        throw new LoopError("BAD_REQUEST", `there is no ${path}`);
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? "/").split("?")[0];
    if (request.method === "GET" && path === "/state") {
      const totals = { ...supervisor.totals() };
      return send(response, 200, { session: name, armed: supervisor.isArmed(), totals, outcome });
    }
    if (request.method === "GET" && path === "/events") {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.flushHeaders();
      viewers.add(response);
      response.on("close", () => viewers.delete(response));
      return undefined;
    }
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
    publish: (entry) => {
      for (const viewer of viewers) viewer.write(`data: ${JSON.stringify(entry)}\n\n`);
    },
    close: () =>
      new Promise((resolve) => {
        for (const viewer of viewers) viewer.end();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, status: number, body: Json): void {
  response.writeHead(status, { "content-type": "application/json" });
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
