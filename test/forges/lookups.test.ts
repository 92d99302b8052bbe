/** Lookups against scripted servers that are as strict as the originals: paths, tokens, limits, documented errors. */

import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { createGithub } from "../../forges/github.ts";
import { createPlane } from "../../forges/plane.ts";
import { systemClock } from "../../system/clock.ts";
import { systemHttp } from "../../system/http.ts";

type Reply = { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> };

async function served(
  answer: (request: IncomingMessage) => Reply,
  work: (url: string, asked: string[]) => Promise<void>,
): Promise<void> {
  const asked: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    asked.push(request.url ?? "");
    const { status, body, headers = {} } = answer(request);
    response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const common = { http: systemHttp(), clock: systemClock() };
const FORBIDDEN: Reply = { status: 403, body: { message: "Resource not accessible" } };

function githubReply(request: IncomingMessage): Reply {
  if (request.headers.authorization !== "Bearer good")
    return { status: 401, body: { message: "Bad credentials" } };
  if (!request.headers["user-agent"])
    return { status: 403, body: "Request forbidden by administrative rules" };
  const login = /^\/repos\/acme\/shop\/collaborators\/([^/]+)\/permission$/.exec(request.url ?? "")?.[1];
  const replies: Record<string, Reply> = {
    alice: { status: 200, body: { permission: "write", role_name: "maintain", user: { login: "alice" } } },
    bob: { status: 200, body: { permission: "read" } },
    limited: { status: 403, body: { message: "secondary rate limit" }, headers: { "retry-after": "7" } },
    spent: {
      status: 403,
      body: {},
      headers: {
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": String(Math.floor(Date.now() / 1_000) + 30),
      },
    },
    broken: { status: 502, body: "<html>" },
    odd: { status: 200, body: { permission: "emperor" } },
    denied: FORBIDDEN,
  };
  if (request.url === "/user") return { status: 200, body: { login: "robot", id: 77 } };
  return replies[login ?? ""] ?? { status: 404, body: { message: "Not Found" } };
}

test("GitHub: what a person may do, asked once, and a stranger may do nothing", () =>
  served(githubReply, async (apiUrl, asked) => {
    const github = createGithub({ ...common, apiUrl, token: "good" });
    assert.deepEqual(await github.permission("acme/shop", "alice"), { kind: "ok", value: "write" });
    assert.deepEqual(await github.permission("acme/shop", "alice"), { kind: "ok", value: "write" });
    assert.equal(asked.length, 1, "remembered for a while");
    assert.deepEqual(await github.permission("acme/shop", "bob"), { kind: "ok", value: "read" });
    assert.deepEqual(await github.permission("acme/shop", "no/body"), { kind: "ok", value: "none" });
    assert.deepEqual(await github.whoami(), { kind: "ok", value: { login: "robot", id: "77" } });
  }));

test("GitHub: limits, outages and strange answers are asked again later, never taken for a yes", () =>
  served(githubReply, async (apiUrl) => {
    const github = createGithub({ ...common, apiUrl, token: "good" });
    const limited = await github.permission("acme/shop", "limited");
    assert.deepEqual([limited.kind, limited.kind === "retry" && limited.afterMs], ["retry", 7_000]);
    const spent = await github.permission("acme/shop", "spent");
    assert.ok(spent.kind === "retry" && spent.afterMs > 20_000 && spent.afterMs <= 31_000);
    for (const login of ["broken", "odd"])
      assert.equal((await github.permission("acme/shop", login)).kind, "retry", login);
    assert.equal((await github.permission("acme/shop", "denied")).kind, "refused");
    const wrong = await createGithub({ ...common, apiUrl, token: "s3cret-token" }).permission(
      "acme/shop",
      "alice",
    );
    assert.equal(wrong.kind, "refused");
    assert.doesNotMatch(JSON.stringify(wrong), /s3cret-token/);
    const nobody = await createGithub({ ...common, apiUrl: "http://127.0.0.1:1", token: "good" }).permission(
      "acme/shop",
      "alice",
    );
    assert.equal(nobody.kind, "retry");
  }));

const PROJECT = "22b6fc9c-1849-45da-b103-52a3e3a6b4c1";

function planeReply(request: IncomingMessage): Reply {
  if (request.headers["x-api-key"] !== "plane_api_good")
    return { status: 403, body: { detail: "Given API token is not valid" } };
  const path = new URL(request.url ?? "", "http://plane").pathname;
  const base = "/api/v1/workspaces/acme";
  if (!path.endsWith("/")) return { status: 404, body: "no trailing slash" };
  if (path === `${base}/members/`)
    return {
      status: 200,
      body: [
        { id: "u1", role: 20 },
        { id: "u2", role: 5 },
      ],
    };
  if (path === `${base}/projects/${PROJECT}/states/`)
    return { status: 200, body: { results: [{ id: "s1", name: "In Progress", group: "started" }] } };
  if (path === `${base}/projects/${PROJECT}/issues/old/`)
    return { status: 200, body: { id: "old", name: "Old", description_html: "<p>x</p>", sequence_id: 9 } };
  if (path === `${base}/projects/${PROJECT}/work-items/busy/`) {
    return {
      status: 429,
      body: { error_code: 5900, error_message: "RATE_LIMIT_EXCEEDED" },
      headers: { "retry-after": "12" },
    };
  }
  return { status: 404, body: { error: "The requested resource does not exist." } };
}

test("Plane: members, states and work items, with the older path as a fallback", () =>
  served(planeReply, async (apiUrl) => {
    const plane = createPlane({ ...common, apiUrl, token: "plane_api_good", workspace: "acme" });
    assert.deepEqual(await plane.members(), {
      kind: "ok",
      value: [
        { id: "u1", role: 20 },
        { id: "u2", role: 5 },
      ],
    });
    const states = await plane.states(PROJECT);
    assert.deepEqual(states.kind === "ok" && states.value[0]?.name, "In Progress");
    const item = await plane.workItem(PROJECT, "old");
    assert.deepEqual(item, {
      kind: "ok",
      value: { id: "old", name: "Old", descriptionHtml: "<p>x</p>", sequenceId: 9 },
    });
    assert.equal((await plane.workItem(PROJECT, "gone")).kind, "refused");
    const busy = await plane.workItem(PROJECT, "busy");
    assert.deepEqual([busy.kind, busy.kind === "retry" && busy.afterMs], ["retry", 12_000]);
    const refused = await createPlane({ ...common, apiUrl, token: "expired", workspace: "acme" }).members();
    assert.equal(refused.kind, "refused");
  }));
