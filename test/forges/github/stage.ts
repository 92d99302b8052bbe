/** A GitHub that answers as a test says, over a real connection, and refuses what the real one would refuse. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { GithubLogin } from "../../../forges/github/access.ts";
import { createGithub, type GithubClient } from "../../../forges/github/github.ts";
import type { Clock } from "../../../system/clock.ts";
import { systemClock } from "../../../system/clock.ts";
import { systemHttp } from "../../../system/http.ts";
import type { Reply } from "../replies.ts";
import { faultOf } from "./contract.ts";

export interface Asked {
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Of the server itself. */
  readonly url: string;
}
export type Route = Reply | ((asked: Asked) => Reply);
export type Routes = Readonly<Record<string, Route>>;

export interface Stage {
  readonly github: GithubClient;
  /** `METHOD path` of each request so far. */
  readonly calls: string[];
  readonly bodies: unknown[];
  /** What was asked that GitHub would refuse. */
  readonly faults: string[];
  readonly url: string;
}

/** Spans are short: what waits a second waits a moment. */
export const HASTY: Clock = {
  ...systemClock(),
  sleep: (ms, signal) => systemClock().sleep(ms / 1_000, signal),
};

/** @param routes by method and path, without the query */
export async function staged(
  routes: Routes,
  work: (stage: Stage) => Promise<void>,
  {
    login = { token: "good-token" },
    clock = HASTY,
    secret,
  }: {
    readonly login?: GithubLogin;
    readonly clock?: Clock;
    readonly secret?: (secret: string) => void;
  } = {},
): Promise<void> {
  const calls: string[] = [];
  const bodies: unknown[] = [];
  const faults: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const { method = "", url = "" } = request;
      const { pathname, searchParams } = new URL(url, "http://github");
      const call = `${method} ${decodeURIComponent(pathname)}`;
      calls.push(call);
      bodies.push(text === "" ? null : JSON.parse(text));
      const fault = faultOf(method, url, text) ?? headersFault(request.headers, pathname);
      if (fault !== null) faults.push(fault);
      const route = routes[call];
      const { port } = server.address() as AddressInfo;
      const asked: Asked = {
        query: searchParams,
        body: text === "" ? {} : JSON.parse(text),
        headers: request.headers,
        url: `http://127.0.0.1:${port}`,
      };
      const reply =
        fault !== null
          ? { status: 422, body: { message: fault } }
          : typeof route === "function"
            ? route(asked)
            : (route ?? { status: 404, body: { message: "Not Found" } });
      const body = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body);
      response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await work({
      github: createGithub({ http: systemHttp(), clock, apiUrl: url, login, secret }),
      calls,
      bodies,
      faults,
      url,
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function headersFault(headers: Asked["headers"], path: string): string | null {
  if (path.startsWith("/blob/"))
    return headers["authorization"] === undefined ? null : "our token went elsewhere";
  if (headers["x-github-api-version"] !== "2022-11-28") return "no version of the API is stated";
  if (headers["user-agent"] === undefined) return "nobody says who asks";
  return String(headers["authorization"]).startsWith("Bearer ") ? null : "without a token";
}

export const ME = { login: "robot", id: 77, type: "User" };
export const AT = "2026-11-20T10:00:00Z";

export function comment(id: number, body: string, user: object = ME): object {
  return { id, body, user, html_url: `https://github.test/c/${id}`, created_at: AT, updated_at: AT };
}

/** A pull request as GitHub shows one. */
export function pull(changes: object = {}): Record<string, unknown> {
  const repo = { full_name: "acme/shop" };
  return {
    number: 12,
    node_id: "PR_12",
    html_url: "https://github.test/acme/shop/pull/12",
    state: "open",
    title: "Mend it",
    body: "Because",
    draft: false,
    merged: false,
    merged_at: null,
    mergeable: true,
    head: { ref: "agent/7", sha: "a".repeat(40), repo },
    base: { ref: "main", sha: "b".repeat(40), repo },
    ...changes,
  };
}
