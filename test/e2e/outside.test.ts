/** What is told at the issue, with a real daemon: acknowledged, one comment, edited to the end over a kill. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { DaemonProcess, SECRET } from "./daemon-process.ts";

interface Comment {
  readonly id: number;
  body: string;
}

/** As much of GitHub as one issue needs, by what it documents of these requests. */
async function startGithub() {
  const comments: Comment[] = [];
  const reactions: string[] = [];
  const me = { login: "shop-bot", id: 77, type: "Bot" };
  const shown = ({ id, body }: Comment) => ({
    ...{ id, body, user: me, html_url: `https://forge.example/acme/shop/issues/1#issuecomment-${id}` },
    ...{ created_at: "2026-11-01T00:00:00Z", updated_at: "2026-11-01T00:00:00Z" },
  });
  const answer = (method: string, path: string, sent: { body?: string }): unknown => {
    if (path === "/user") return me;
    if (path.endsWith("/permission")) return { permission: "write" };
    if (path.endsWith("/reactions")) return { id: reactions.push(path), content: "eyes" };
    if (path === "/repos/acme/shop/issues/1/comments" && method === "GET") return comments.map(shown);
    if (path === "/repos/acme/shop/issues/1/comments") {
      const made = { id: 500 + comments.length, body: sent.body ?? "" };
      comments.push(made);
      return shown(made);
    }
    const known = comments.find(({ id }) => path === `/repos/acme/shop/issues/comments/${id}`);
    if (known === undefined) return null;
    known.body = sent.body ?? known.body;
    return shown(known);
  };
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (part: Buffer) => {
      text += part.toString("utf8");
    });
    request.on("end", () => {
      const { pathname } = new URL(request.url ?? "/", "http://localhost");
      const body = answer(request.method ?? "GET", pathname, text === "" ? {} : JSON.parse(text));
      response.writeHead(body === null ? 404 : request.method === "POST" ? 201 : 200, {
        "content-type": "application/json",
      });
      response.end(JSON.stringify(body ?? { message: "Not Found" }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, comments, reactions, close: () => server.close() };
}

test("an issue gets a sign and one comment, which says how it ended, although the daemon is killed", async () => {
  const github = await startGithub();
  const stage = new DaemonProcess({
    argv: ["/bin/sh", "-c", "sleep 1; echo shelves > shelves; echo sorted"],
  });
  const sources = `github: { secret: ${SECRET}, token: token-of-a-test, api_url: "${github.url}" }`;
  const text = readFileSync(stage.config, "utf8");
  writeFileSync(stage.config, text.replace(`github: { secret: ${SECRET} }`, sources));
  try {
    await stage.start();
    await stage.label(1);
    await stage.until("there is a comment", () => github.comments.length > 0);
    await stage.end("SIGKILL");
    await stage.start();
    await stage.until(
      "it says that it is done",
      () => github.comments[0]?.body.includes("**Done**") === true,
    );
    assert.equal(github.comments.length, 1);
    assert.match(github.comments[0]?.body ?? "", /SHOP-1[\s\S]*chargehand\/SHOP-1-[\s\S]*<!-- chargehand:/);
    assert.ok(github.reactions.includes("/repos/acme/shop/issues/1/reactions"));
    assert.doesNotMatch(stage.log, /token-of-a-test/);
  } finally {
    await stage.close();
    github.close();
  }
});
