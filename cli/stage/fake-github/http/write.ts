/** What an answer looks like on the wire: its marks, what is left of the limits, and what is told of the token. */

import { createHash } from "node:crypto";
import type { World } from "../model/world.ts";
import type { Budget, Resource } from "./budget.ts";
import type { Answer, Caller } from "./call.ts";
import { forVersion } from "./version.ts";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly text: string;
  header(name: string): string | undefined;
}

export interface Written {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Done {
  readonly asked: Asked;
  /** `null`: nobody that is known. */
  readonly caller: Caller | null;
  readonly answer: Answer;
}

export function resourceOf({ path }: Asked): Resource {
  return path === "/graphql" ? "graphql" : "core";
}

export function nameOf({ token, isApp }: Caller): string {
  return isApp ? "the App" : (token?.token ?? "nobody");
}

/** An unchanged answer to a GET costs none of the caller's calls; its mark holds for one token alone. */
export function write(world: World, budget: Budget, { asked, caller, answer }: Done): Written {
  const version = asked.header("x-github-api-version");
  const body = forVersion.get(version ?? "")?.(answer.body) ?? answer.body;
  const text = body === undefined ? "" : JSON.stringify(body);
  const who = caller === null ? "nobody" : nameOf(caller);
  const etag = `W/"${createHash("sha256").update(`${who}\0${text}`).digest("hex")}"`;
  const isRead = asked.method === "GET" && answer.status === 200 && asked.path !== "/rate_limit";
  const isSame = isRead && (asked.header("if-none-match") ?? "").split(/,\s*/).includes(etag);
  if (isSame && caller?.token != null) budget.refund(who, resourceOf(asked));
  const headers = {
    "content-type": "application/json; charset=utf-8",
    date: new Date(world.now()).toUTCString(),
    ...(isRead && { etag }),
    ...(version !== undefined && { "x-github-api-version-selected": version }),
    ...limitHeaders(budget, asked, caller, who),
    ...tokenHeaders(caller),
    ...answer.headers,
  };
  return { status: isSame ? 304 : answer.status, text, headers };
}

function limitHeaders(
  budget: Budget,
  asked: Asked,
  caller: Caller | null,
  who: string,
): Record<string, string> {
  const isKnown = caller !== null && (caller.token !== null || caller.isApp);
  const resource = resourceOf(asked);
  const { limit, used, remaining, reset } = budget.standing(who, resource, isKnown);
  return {
    ...{ "x-ratelimit-limit": String(limit), "x-ratelimit-remaining": String(remaining) },
    ...{ "x-ratelimit-used": String(used), "x-ratelimit-reset": String(reset) },
    "x-ratelimit-resource": resource,
  };
}

function tokenHeaders(caller: Caller | null): Record<string, string> {
  const token = caller?.token ?? null;
  if (token === null) return {};
  const { expiresAt } = token;
  const ends = expiresAt === null ? null : new Date(expiresAt).toISOString();
  return {
    ...(token.kind === "classic" && {
      "x-oauth-scopes": token.scopes.join(", "),
      "x-accepted-oauth-scopes": "repo",
    }),
    ...(ends !== null && {
      "github-authentication-token-expiration": `${ends.slice(0, 10)} ${ends.slice(11, 19)} UTC`,
    }),
  };
}
