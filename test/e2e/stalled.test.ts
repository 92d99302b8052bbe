/** A daemon at whose doors many stall: a signed delivery gets in, the admin side answers, and the log stays short. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { test } from "node:test";
import { DaemonProcess } from "./daemon-process.ts";
import { linesOf } from "./scene.ts";

/** Of connections; several times as many stall. */
const ROOM = 16;
const STALLED = 100;
const HEAD = "POST /webhooks/github HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000\r\n";
const SAYS = ["", HEAD, `${HEAD}\r\n`, `${HEAD}\r\n${"x".repeat(100_000)}`];

test("many stalled and half-sent requests at either listener change nothing for a signed one, nor for the admin side", async (t) => {
  const stage = new DaemonProcess({ argv: ["/bin/true"], publish: "none" });
  t.after(() => stage.close());
  const server = `server: { connections: ${ROOM}, body_limit: 1MiB, body_memory: 1MiB, admin_names: [board.example.org],`;
  writeFileSync(stage.config, readFileSync(stage.config, "utf8").replace("server: {", server));
  await stage.start();
  const { webhooks, admin } = stage.urls;
  for (const url of [webhooks, admin]) {
    const calls = Array.from({ length: STALLED }, (_, number) =>
      stall(url, SAYS[number % SAYS.length] ?? ""),
    );
    t.after(() => {
      for (const { socket } of calls) socket.destroy();
    });
    await Promise.all(calls.map(({ called }) => called));
  }
  // On a machine that starves, one may be turned away that has only begun; whoever sends it comes again.
  for (const number of [1, 2, 3]) {
    const answer = await stage.label(number).catch(() => stage.label(number));
    assert.ok([200, 202].includes(answer.status), `${answer.status}`);
  }
  assert.equal((await stage.api("/api/v1/status")).status, 200);
  const told = linesOf(stage, "listener.crowded").length;
  assert.ok(told >= 1 && told < STALLED / 4, `${told}`);
  assert.match(
    await saidTo(admin, "evil.example"),
    /^HTTP\/1\.1 421 [\s\S]*problem\+json[\s\S]*server\.admin_names/,
  );
  assert.match(await saidTo(admin, "board.example.org"), /^HTTP\/1\.1 200 /);
  await stage.end("SIGTERM");
});

function stall(url: string, says: string) {
  const { port, hostname: host } = new URL(url);
  const socket = connect({ port: Number(port), host });
  const called = new Promise<void>((resolve) => {
    socket.once("connect", () => socket.write(says, () => resolve()));
    // Whoever is turned away is done as well.
    socket.on("error", () => resolve()).resume();
  });
  return { socket, called };
}

/** What is answered to a request that was sent to this name. */
async function saidTo(url: string, name: string): Promise<string> {
  const { port, hostname: host } = new URL(url);
  const socket = connect({ port: Number(port), host });
  socket.write(`GET /healthz HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`);
  return (await socket.setEncoding("utf8").toArray()).join("");
}
