/** What is asked of GitHub, and what its answers mean. */

import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import { createGithub } from "../../../forges/github/github.ts";
import { common, type Reply, served } from "../replies.ts";

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
    const github = createGithub({ ...common, apiUrl, login: { token: "good" } });
    assert.deepEqual(await github.ask.permission("acme/shop", "alice"), { kind: "ok", value: "write" });
    assert.deepEqual(await github.ask.permission("acme/shop", "alice"), { kind: "ok", value: "write" });
    assert.equal(asked.length, 1, "remembered for a while");
    assert.deepEqual(await github.ask.permission("acme/shop", "bob"), { kind: "ok", value: "read" });
    assert.deepEqual(await github.ask.permission("acme/shop", "no/body"), { kind: "ok", value: "none" });
    const me = await github.ask.whoami();
    assert.ok(me.kind === "ok");
    assert.deepEqual([me.value.login, me.value.id], ["robot", "77"]);
  }));

test("GitHub: limits, outages and strange answers are asked again later, never taken for a yes", () =>
  served(githubReply, async (apiUrl) => {
    const asks = () => createGithub({ ...common, apiUrl, login: { token: "good" } }).ask;
    const limited = await asks().permission("acme/shop", "limited");
    assert.deepEqual([limited.kind, limited.kind === "retry" && limited.afterMs], ["retry", 7_000]);
    const spent = await asks().permission("acme/shop", "spent");
    assert.ok(spent.kind === "retry" && spent.afterMs > 20_000 && spent.afterMs <= 31_000);
    for (const login of ["broken", "odd"])
      assert.equal((await asks().permission("acme/shop", login)).kind, "retry", login);
    assert.equal((await asks().permission("acme/shop", "denied")).kind, "refused");
    const wrong = await createGithub({ ...common, apiUrl, login: { token: "s3cret-token" } }).ask.permission(
      "acme/shop",
      "alice",
    );
    assert.equal(wrong.kind, "refused");
    assert.doesNotMatch(JSON.stringify(wrong), /s3cret-token/);
    const nobody = await createGithub({
      ...common,
      apiUrl: "http://127.0.0.1:1",
      login: { token: "good" },
    }).ask.permission("acme/shop", "alice");
    assert.deepEqual([nobody.kind, nobody.kind === "unreachable" && nobody.neverSent], ["unreachable", true]);
  }));
