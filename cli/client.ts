/**
 * Talks to the daemon's API. Every error of the API, and every way of not getting an answer, becomes one line, a hint
 * and an exit code.
 */

import type { Downloaded } from "../system/download.ts";
import type { HttpRequest } from "../system/http.ts";
import { fit, listOf, object, orNull, type Shaped, text } from "./decoder.ts";
import { type Address, type DaemonOptions, findDaemon, parseJson } from "./find.ts";
import { type Answer, EXIT, type ExitCode, type Failure, fail } from "./outcome.ts";
import type { Ports } from "./ports.ts";

export interface Client {
  /** `path` begins behind `/api/v1`. The value is the answer's JSON. */
  get(path: string): Promise<Answer<unknown>>;
  /** @param timeoutMs where the daemon works before it answers */
  post(path: string, body: Readonly<Record<string, unknown>>, timeoutMs?: number): Promise<Answer<unknown>>;
  patch(path: string, body: Readonly<Record<string, unknown>>): Promise<Answer<unknown>>;
  remove(path: string): Promise<Answer<unknown>>;
  /** The body of the answer as raw bytes, while they come. */
  stream(path: string): Promise<Answer<Downloaded["chunks"]>>;
}

export async function connect(options: DaemonOptions, ports: Ports): Promise<Answer<Client>> {
  const found = await findDaemon(options, ports);
  return found.kind === "failed" ? found : { kind: "ok", value: createClient(found.value, ports) };
}

function createClient(address: Address, ports: Ports): Client {
  const headers = { accept: "application/json", authorization: `Bearer ${address.token}` };
  const ask = async (
    request: Pick<HttpRequest, "method" | "body" | "timeoutMs">,
    path: string,
  ): Promise<Answer<unknown>> => {
    const type = request.body === undefined ? {} : { "content-type": "application/json" };
    const url = `${address.url}/api/v1${path}`;
    const result = await ports.http.request("cli", { ...request, url, headers: { ...headers, ...type } });
    if (result.kind === "unreachable") return unreachable(result.reason);
    const { status, body } = result.response;
    return status < 300 ? understood(body, address) : explain(status, body, address);
  };
  return {
    get: (path) => ask({ method: "GET" }, path),
    post: (path, body, timeoutMs) =>
      ask(
        { method: "POST", body: JSON.stringify(body), ...(timeoutMs !== undefined && { timeoutMs }) },
        path,
      ),
    patch: (path, body) => ask({ method: "PATCH", body: JSON.stringify(body) }, path),
    remove: (path) => ask({ method: "DELETE" }, path),
    async stream(path) {
      const result = await ports.downloads.open("cli", `${address.url}/api/v1${path}`, headers);
      if (result.kind === "unreachable") return unreachable(result.reason);
      const { status, chunks } = result.response;
      if (status < 300) return { kind: "ok", value: chunks };
      return explain(status, await gather(chunks), address);
    },
  };
}

/** A path segment out of what a person typed. */
export function segment(text: string | number): string {
  return encodeURIComponent(String(text));
}

/** `?a=1&b=2` out of the options that were given; nothing when there are none. */
export function query(fields: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? "" : `?${given}`;
}

function understood(body: string, address: Address): Answer<unknown> {
  const value = parseJson(body);
  if (value !== undefined) return { kind: "ok", value };
  return fail(
    EXIT.failed,
    `${address.url} answered something that is no JSON`,
    "is this really the admin address of chargehand?",
  );
}

function unreachable(reason: string): Failure {
  return fail(
    EXIT.unreachable,
    `the daemon is unreachable: ${reason}`,
    "is it running? chargehand serve starts it",
  );
}

const problemShape = object({
  title: orNull(text),
  detail: orNull(text),
  errors: orNull(listOf(object({ path: text, message: text }))),
});
const NOTHING_TOLD: Shaped<typeof problemShape> = { title: null, detail: null, errors: null };

const EXITS: Readonly<Record<number, ExitCode>> = {
  400: EXIT.usage,
  401: EXIT.usage,
  403: EXIT.usage,
  404: EXIT.notFound,
  409: EXIT.refused,
  422: EXIT.usage,
};

const HINTS: Readonly<Record<number, string>> = {
  401: "the token is not the daemon's: see --token, $CHARGEHAND_TOKEN, and admin-token in its data_dir",
  503: "the daemon is up but cannot work just now; its log says why",
};

function explain(status: number, body: string, address: Address): Failure {
  const fitted = fit(problemShape, parseJson(body));
  const told = fitted.kind === "fits" ? fitted.value : NOTHING_TOLD;
  const words = told.detail ?? told.title ?? `${address.url} answered ${status}`;
  const errors = (told.errors ?? []).map(({ path, message }) => `${path}: ${message}`);
  const line = [words, ...errors].join("; ").replace(/\s+/g, " ");
  return fail(EXITS[status] ?? EXIT.failed, line, HINTS[status]);
}

async function gather(chunks: Downloaded["chunks"]): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > 65_536) break;
  }
  return text;
}
