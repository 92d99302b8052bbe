/**
 * A scripted model behind a real HTTP server on loopback. It speaks Anthropic's Messages, OpenAI's Responses and Chat
 * Completions, and Google's Gemini API, streamed or not, and plays the plot that stands in the request's path.
 *
 * V1. It remembers no conversation: the request says where in the plot it is (`request.ts`).
 * V2. It listens on 127.0.0.1 only, and no other host is ever named to a client.
 * V3. What it is asked for and does not know gets 404, never a crash: clients ask for the strangest things.
 */

import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";
import { type Fields, parseFields } from "../../agents/dialect/fields.ts";
import { nextTurn, type Plot, pathOfPlot, plotOfPath } from "./plot.ts";
import { type Language, type ModelRequest, readRequest } from "./request.ts";
import type { Speech, Wire } from "./speech.ts";
import { anthropicWire } from "./wire-anthropic.ts";
import { chatWire } from "./wire-chat.ts";
import { geminiWire } from "./wire-gemini.ts";
import { responsesWire } from "./wire-responses.ts";

const DRIP_MS = 250;

/** One call of the model, as a test wants to know of it. */
export interface ModelCall {
  readonly language: Language;
  readonly model: string;
  readonly bringsResult: boolean;
  readonly results: number;
  readonly tools: number;
  /** The request as JSON, where the plot is one in which it matters what was said. */
  readonly text: string;
}

/** What an audience has had of its plot. */
export interface Played {
  readonly calls: readonly ModelCall[];
  /** Pieces of text that went into answers which never end. */
  readonly drips: number;
}

export interface ModelServer {
  /** Without a slash at its end; clients of OpenAI's kind want `/v1` behind it. */
  urlFor(plot: Plot): string;
  played(plot: Pick<Plot, "audience">): Played;
  close(): Promise<void>;
}

export async function startModelServer(): Promise<ModelServer> {
  const ledger = new Map<string, Played>();
  const closing = new AbortController();
  const played: ModelServer["played"] = ({ audience }) => ledger.get(audience) ?? { calls: [], drips: 0 };
  const book: Book = {
    call: (plot, call) =>
      void ledger.set(plot.audience, { ...played(plot), calls: [...played(plot).calls, call] }),
    drip: (plot) => void ledger.set(plot.audience, { ...played(plot), drips: played(plot).drips + 1 }),
  };
  const server = createServer((request, response) => {
    answer(request, response, book, closing.signal).catch((error: unknown) => {
      // A client that hangs up in the middle of an answer is part of the plot.
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: { message: String(error) } });
    });
  });
  // Codex tries a WebSocket first; told no, it takes HTTP.
  server.on("upgrade", (_request, socket) => {
    socket.on("error", () => socket.destroy());
    socket.end("HTTP/1.1 426 Upgrade Required\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  return {
    urlFor: (plot) => `http://127.0.0.1:${port}${pathOfPlot(plot)}`,
    played,
    async close(): Promise<void> {
      closing.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Where is noted what was played. */
interface Book {
  call(plot: Plot, call: ModelCall): void;
  drip(plot: Plot): void;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  book: Book,
  closing: AbortSignal,
): Promise<void> {
  const found = plotOfPath(request.url ?? "/");
  const body = await readBody(request);
  const language = found === null ? null : languageOf(found.rest);
  if (found === null || /count_?tokens$/i.test(found.rest) || language === null || body === null) {
    return sendAside(response, found?.rest ?? "", body);
  }
  const asked = readRequest(language, found.rest, body);
  const { model, bringsResult, results, tools } = asked;
  const text = found.plot.name === "walk" ? asked.text : "";
  book.call(found.plot, { language, model, bringsResult, results, tools: tools.length, text });
  const turn = nextTurn(found.plot, language, asked, Math.floor(Date.now() / 1_000));
  switch (turn.kind) {
    case "silence":
      return;
    case "refusal":
      return sendJson(response, turn.refusal.status, turn.refusal.body, turn.refusal.headers);
    case "speech":
      return speak(response, wireFor(language, asked, turn.speech), {
        streams: asked.streams,
        // Without an end, but not without an end of the server.
        drips: () => turn.speech.trickles && !closing.aborted,
        dripped: () => book.drip(found.plot),
      });
    default:
      return turn satisfies never;
  }
}

/** What clients ask besides: how many tokens something has, which models there are. */
function sendAside(response: ServerResponse, path: string, body: Fields | null): void {
  const [status, reply] = asideFor(path, body);
  sendJson(response, status, reply);
}

function asideFor(path: string, body: Fields | null): readonly [status: number, reply: object] {
  if (/count_tokens$/.test(path)) return [200, { input_tokens: countOf(body) }];
  if (/:countTokens$/.test(path)) return [200, { totalTokens: countOf(body) }];
  if (/\/models$/.test(path)) return [200, { object: "list", data: [], models: [] }];
  return [404, { error: { message: "this model has no such endpoint", type: "not_found" } }];
}

function countOf(body: Fields | null): number {
  return Math.ceil(JSON.stringify(body).length / 4);
}

function languageOf(path: string): Language | null {
  if (/\/messages$/.test(path)) return "anthropic";
  if (/\/responses$/.test(path)) return "responses";
  if (/\/chat\/completions$/.test(path)) return "chat";
  return /:(streamGenerateContent|generateContent)$/.test(path) ? "gemini" : null;
}

interface Delivery {
  readonly streams: boolean;
  readonly drips: () => boolean;
  readonly dripped: () => void;
}

async function speak(response: ServerResponse, wire: Wire, delivery: Delivery): Promise<void> {
  if (!delivery.streams) return sendJson(response, 200, wire.whole);
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  for (const event of wire.head) response.write(event);
  for (let n = 1; delivery.drips() && !response.destroyed; n += 1) {
    response.write(wire.drip(` ${n}`));
    delivery.dripped();
    await sleep(DRIP_MS);
  }
  response.end(wire.tail().join(""));
}

function wireFor(language: Language, request: ModelRequest, speech: Speech): Wire {
  const id = randomUUID().replaceAll("-", "").slice(0, 20);
  const seconds = Math.floor(Date.now() / 1_000);
  switch (language) {
    case "anthropic":
      return anthropicWire(request, speech, id);
    case "responses":
      return responsesWire(request, speech, id, seconds);
    case "chat":
      return chatWire(request, speech, id, seconds);
    case "gemini":
      return geminiWire(request, speech, id);
    default:
      return language satisfies never;
  }
}

/** `null` for a body that is no JSON object. Some clients compress what they send. */
async function readBody(request: IncomingMessage): Promise<Fields | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  const unpack = UNPACK[request.headers["content-encoding"] ?? ""];
  return parseFields((unpack === undefined ? bytes : unpack(bytes)).toString());
}

const UNPACK: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gunzipSync(bytes),
  deflate: (bytes) => inflateSync(bytes),
  br: (bytes) => brotliDecompressSync(bytes),
  zstd: (bytes) => zstdDecompressSync(bytes),
};

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}
