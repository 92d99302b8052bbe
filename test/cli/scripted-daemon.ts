/** A scripted daemon on a free port, and a command line run against it: what it printed and how it ended. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Ports } from "../../cli/ports.ts";
import { runProgram } from "../../cli/program.ts";
import { systemDownloads } from "../../system/download.ts";
import { systemFiles } from "../../system/files.ts";
import { lightHttp } from "../../system/light-http.ts";

export const NOW: number = Date.parse("2026-01-15T12:00:00Z");
export const TOKEN = "t0ken";

type Reply = (request: IncomingMessage, response: ServerResponse, body: string) => void;

export interface ScriptedDaemon {
  readonly url: string;
  /** `GET /api/v1/tasks?status=active` and the body, in order. */
  readonly asked: readonly { readonly line: string; readonly body: string }[];
  close(): Promise<void>;
}

/** Answers by `METHOD /path` below `/api/v1` (without the query), 404 for the rest, 401 without the token. */
export async function scriptedDaemon(replies: Readonly<Record<string, Reply>>): Promise<ScriptedDaemon> {
  const asked: { line: string; body: string }[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts).toString("utf8");
      asked.push({ line: `${request.method} ${request.url}`, body });
      const path = (request.url ?? "").replace(/\?.*/, "").replace("/api/v1", "");
      if (request.headers.authorization !== `Bearer ${TOKEN}`)
        return problem(401, "a token is needed")(request, response, body);
      const reply = replies[`${request.method} ${path}`] ?? problem(404, `there is nothing at ${path}`);
      return reply(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function json(value: unknown, status = 200): Reply {
  return (_request, response) =>
    void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

export function problem(status: number, detail: string, more: Readonly<Record<string, unknown>> = {}): Reply {
  const document = { type: "about:blank", title: "No", status, detail, ...more };
  return (_request, response) =>
    void response
      .writeHead(status, { "content-type": "application/problem+json" })
      .end(JSON.stringify(document));
}

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs one command line; the clock stands still at {@link NOW}, and sleeping takes no time.
 *
 * @param width columns of the terminal, or `null` for a pipe
 */
export async function chargehand(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  width: number | null = 100,
  onTerminal: Ports["onTerminal"] = async () => "no terminal",
  input = "",
): Promise<Ended> {
  const out: Buffer[] = [];
  let err = "";
  let code = 0;
  const ports: Ports = {
    ask: null,
    background: async () => "nothing is left running",
    self: ["chargehand"],
    clock: { now: () => NOW, monotonic: () => 0, sleep: () => Promise.resolve() },
    downloads: systemDownloads(),
    env,
    files: systemFiles(),
    http: lightHttp(),
    input: async () => input,
    onTerminal,
    width,
    height: width === null ? null : 24,
    out: (text) => void out.push(Buffer.from(text)),
    err: (text) => {
      err += text;
    },
    exit: (value) => {
      code = value;
    },
  };
  await runProgram("9.8.7", args, ports);
  return { code, out: Buffer.concat(out).toString("utf8"), err };
}

/** The environment of someone who knows the daemon's address and token. */
export function knowing(daemon: ScriptedDaemon): Readonly<Record<string, string>> {
  return { CHARGEHAND_URL: daemon.url, CHARGEHAND_TOKEN: TOKEN };
}

export const RUN: Readonly<Record<string, unknown>> = {
  id: "01jh5x2v8q0000000abc",
  job: 7,
  task: "SHOP-12",
  project: "shop",
  phase: "work",
  agent: "developer",
  account: "claude-max",
  backend: "claude",
  pid: 4711,
  status: "running",
  exit_code: null,
  signal: null,
  failure_class: null,
  reason: null,
  summary: null,
  model: "claude-sonnet-5-5",
  effort: "high",
  session_id: null,
  input_tokens: 1_200,
  output_tokens: 950,
  cache_read_tokens: 41_000,
  cache_creation_tokens: 0,
  reasoning_tokens: 0,
  cost_usd: 0.0312,
  cost_source: "priced",
  started_at: "2026-01-15T11:48:00Z",
  finished_at: null,
};

export const TASK: Readonly<Record<string, unknown>> = {
  key: "SHOP-12",
  project: "shop",
  title:
    "Login fails with a very long e-mail address \u001b[31mred\u001b[0m and a title that goes on and on and on for ever",
  status: "active",
  reason: null,
  branch: "chargehand/SHOP-12-login-fails-with-a-very-long-e-mail-address",
  commit: null,
  url: "https://github.com/acme/shop/issues/12",
  author: "alice",
  priority: 0,
  created_at: "2026-01-15T11:00:00Z",
  updated_at: "2026-01-15T11:48:00Z",
  finished_at: null,
  external_refs: [],
  jobs: [
    { id: 7, task: "SHOP-12", phase: "work", agent: "developer", status: "running", reason: null, holds: [] },
  ],
  runs: [RUN],
};

export const DELIVERY: Readonly<Record<string, unknown>> = {
  id: 3,
  source: "github",
  delivery_id: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
  header_id: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
  event: "issues",
  status: "ignored",
  reason: "label wontfix starts nothing",
  task: null,
  received_at: "2026-01-14T12:00:00Z",
  finished_at: "2026-01-14T12:00:01Z",
  replay_of: null,
};

const LONG =
  "the account's usage limit is reached, says the service at great length, until a time that it names, too";

/** What a status says of what is closed. */
export const CLOSED: Readonly<Record<string, unknown>> = {
  accounts: [
    account("claude-max", "cooling", { until: "2026-01-15T14:20:00Z", rearms: 1, reason: LONG }),
    account("claude-api", "open", { running: 1, concurrency: 2 }),
  ],
  cooldowns: [account("claude-max", "cooling", { until: "2026-01-15T14:20:00Z", rearms: 1, reason: LONG })],
  wide_holds: [
    wideHold("account", "claude-max", "cooldown", "2026-01-15T14:20:00Z"),
    wideHold("agent", "reviewer", "broken", null),
    wideHold("project", "shop", "budget", "2026-01-16T00:00:00Z"),
  ],
  refusals: [{ project: "shop", agent: "developer", reason: LONG, since: "2026-01-15T11:59:00Z" }],
};

function account(
  name: string,
  status: string,
  more: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const open = { until: null, since: null, rearms: 0, reason: null, running: 0, concurrency: null };
  return { name, status, ...open, ...more };
}

function wideHold(
  scope: string,
  subject: string,
  kind: string,
  until: string | null,
): Readonly<Record<string, unknown>> {
  return { scope, subject, kind, reason: LONG, since: "2026-01-15T11:00:00Z", until };
}

export const BUDGETS: Readonly<Record<string, unknown>> = {
  budgets: [
    budget("day", "usd", { amount: 100, raised: 50, used: 101.239, reserved: 5 }),
    budget("run", "usd", { amount: 5, reserve: 5 }),
    budget("task", "tokens", { task: "SHOP-12", amount: 1_000_000, used: 1_200_000, status: "used_up" }),
  ],
  next_cursor: null,
};

function budget(
  scope: string,
  unit: string,
  more: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const open = { raised: 0, used: 0, reserved: 0, reserve: 0, status: "open" };
  return { project: "shop", task: null, scope, unit, ...open, ...more };
}

export const EXPLANATION: Readonly<Record<string, unknown>> = {
  task: "SHOP-12",
  project: "shop",
  status: "active",
  summary: "Sorted by height.",
  reasons: [
    {
      about: "job",
      sentence: `waits until 2026-01-15 12:04:00 UTC for another try (network: ${LONG})`,
      since: "2026-01-15T11:59:00Z",
      until: "2026-01-15T12:04:00Z",
      remedy: null,
    },
    {
      about: "account",
      sentence: "account claude-max does not work: the key was \u001b[31mrefused",
      since: "2026-01-15T11:00:00Z",
      until: null,
      remedy: "mend it, then: chargehand cooldown clear claude-max",
    },
  ],
  decisions: [
    { at: "2026-01-15T11:00:00Z", kind: "task.created", sentence: "created by alice (label agent)" },
    { at: "2026-01-15T11:59:00Z", kind: "run.failed", sentence: `run 01j failed (network): ${LONG}` },
  ],
};
