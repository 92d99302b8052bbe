/**
 * A GitHub on which nothing happens, for `bench reconcile`: a program of its own, so that what it takes of the
 * processor is nobody's. It answers what the reconciler asks, and counts what would have counted.
 *
 * It prints its address as its first line. `GET /_/counts` tells how many calls were answered, and how many were 304.
 */

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const HEAD = "c0ffee".repeat(7).slice(0, 40);
const counts = { full: 0, unchanged: 0 };

type Body = object | readonly object[] | null;

/** By the path behind the repository. */
function answerTo(repo: string, rest: string): Body {
  const [first = "", second = "", third = ""] = rest.split("/");
  const author = { login: "ada", id: 1, type: "User" };
  if (first === "")
    return { full_name: repo, default_branch: "main", archived: false, permissions: { push: true } };
  if (first === "hooks" && second === "")
    return [{ id: 7, active: true, events: ["*"], config: { url: "https://ci.example/webhooks/github" } }];
  if (first === "issues" && /^\d+$/.test(second) && third === "") {
    const dates = { created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-01T00:00:00Z" };
    const text = {
      title: "An item",
      body: "Its text.",
      html_url: `https://github.example/${repo}/issues/${second}`,
    };
    return {
      id: Number(second),
      number: Number(second),
      state: "open",
      user: author,
      labels: [],
      ...dates,
      ...text,
    };
  }
  if (first === "pulls" && third === "") {
    const side = { sha: HEAD, repo: { full_name: repo } };
    const at = { created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-01T00:00:00Z" };
    const sides = { head: { ...side, ref: "work" }, base: { ...side, ref: "main" } };
    const url = `https://github.example/${repo}/pull/${second}`;
    return { number: Number(second), html_url: url, state: "open", title: "A pull request", ...at, ...sides };
  }
  if (third === "check-runs") {
    const run = { id: 1, name: "test", status: "in_progress", conclusion: null, html_url: null };
    return { total_count: 1, check_runs: [run] };
  }
  if (third === "status") return { state: "pending", total_count: 0, statuses: [] };
  return [];
}

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? "", "http://github");
  if (pathname === "/_/counts") {
    response.end(JSON.stringify(counts));
    return;
  }
  const [, repo = "", rest = ""] = /^\/repos\/([^/]+\/[^/]+)\/?(.*)$/.exec(pathname) ?? [];
  const text = JSON.stringify(answerTo(decodeURIComponent(repo), rest));
  const etag = `W/"${createHash("sha256").update(text).digest("hex")}"`;
  const isSame = request.headers["if-none-match"] === etag;
  counts[isSame ? "unchanged" : "full"] += 1;
  const reset = String(Math.floor(Date.now() / 1_000) + 3_600);
  const limit = { "x-ratelimit-limit": "5000", "x-ratelimit-remaining": "4900", "x-ratelimit-reset": reset };
  response.writeHead(isSame ? 304 : 200, { "content-type": "application/json", etag, ...limit });
  response.end(isSame ? undefined : text);
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
