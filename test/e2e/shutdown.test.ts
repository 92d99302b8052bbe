/** How the daemon ends: requests in flight, what hangs, and who is in a hurry; with real processes and signals. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { type DaemonProcess, labeled, signed } from "./daemon-process.ts";
import { exitOf, go, linesOf, signal, untilDone, untilLogged, untilRunning, withScene } from "./scene.ts";

/** A delivery whose sender stops in the middle of its body. */
class HalfSent {
  readonly #socket: Socket;
  readonly #rest: string;
  #heard = "";

  constructor(stage: DaemonProcess, number: number) {
    const body = labeled(number);
    const headers = { ...signed(body, `half-${number}`), host: "x", "content-length": String(body.length) };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const half = body.length >> 1;
    this.#rest = body.slice(half);
    this.#socket = connect(Number(new URL(stage.urls.webhooks).port), "127.0.0.1");
    this.#socket.setEncoding("utf8").on("data", (text: string) => {
      this.#heard += text;
    });
    // Cut off is one of the ends that these tests are about.
    this.#socket.on("error", () => undefined);
    this.#socket.write(`POST /webhooks/github HTTP/1.1\r\n${lines.join("")}\r\n${body.slice(0, half)}`);
  }

  /** Resolves when the daemon has read what was sent so far: it answers a later request on another connection. */
  async arrived(stage: DaemonProcess): Promise<void> {
    await stage.until(
      "the socket is connected",
      () => !this.#socket.connecting && this.#socket.writableLength === 0,
    );
    await fetch(`${stage.urls.webhooks}/healthz`);
  }

  /** Sends the rest; answers the status line of the response, or nothing when the connection was cut. */
  async finish(): Promise<string> {
    if (!this.#socket.closed) {
      const closed = new Promise((resolve) => this.#socket.once("close", resolve));
      this.#socket.end(this.#rest);
      await closed;
    }
    return this.#heard.split("\r\n")[0] ?? "";
  }

  drop(): void {
    this.#socket.destroy();
  }
}

function isRefused(url: string): Promise<boolean> {
  return fetch(url).then(
    () => false,
    () => true,
  );
}

test("SIGTERM: a request in flight is finished and kept, new ones meet a closed port, exit code 0", () =>
  withScene({}, async (stage) => {
    await stage.start();
    const { webhooks } = stage.urls;
    const half = new HalfSent(stage, 1);
    await half.arrived(stage);
    signal(stage, "SIGTERM");
    await stage.until("the port is closed", () => isRefused(`${webhooks}/healthz`));
    assert.equal(await half.finish(), "HTTP/1.1 202 Accepted");
    assert.equal(await exitOf(stage), 0);
    assert.equal(existsSync(join(stage.dataDir, "daemon.json")), false);
    go(stage);
    await stage.start();
    await untilDone(stage, "SHOP-1");
  }));

test("SIGTERM under load: every delivery that was acknowledged is there afterwards", () =>
  withScene({ concurrency: 1 }, async (stage) => {
    await stage.start();
    const accepted = new Set<number>();
    const numbers = Array.from({ length: 400 }, (_, index) => index + 1);
    const flood = stage.flood(numbers, 16, ({ status, body }) => {
      if (status === 202) accepted.add(body.delivery);
    });
    await stage.until("some are accepted", () => accepted.size >= 100);
    signal(stage, "SIGTERM");
    assert.equal(await exitOf(stage), 0);
    await stage.start();
    await flood;
    const all = (await stage.api<{ deliveries: Record<string, number> }>("/api/v1/status")).body.deliveries;
    const stored = Object.values(all).reduce((sum, count) => sum + count, 0);
    assert.equal(stored, numbers.length, "each once, also those that were sent again");
  }));

test("E5: a sender that never ends and a git that hangs do not keep the daemon from ending with 0, and git ends with it", async () => {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const address = silent.address();
  const port = typeof address === "object" ? address?.port : 0;
  const asked = new Promise<Socket>((resolve) => silent.once("connection", resolve));
  try {
    await withScene({ cloneUrl: `http://127.0.0.1:${port}/shop.git` }, async (stage) => {
      await stage.start();
      await stage.label(1);
      const git = await asked;
      const gone = new Promise((resolve) => git.resume().once("close", resolve));
      const half = new HalfSent(stage, 2);
      await half.arrived(stage);
      assert.equal(await stage.end("SIGTERM"), 0);
      half.drop();
      assert.equal(linesOf(stage, "daemon.stopped").length, 1, "in order, not cut off");
      await gone;
    });
  } finally {
    (await asked).destroy();
    silent.close();
  }
});

test("SIGTERM: a log that is followed ends, and is not cut off", () =>
  withScene({}, async (stage) => {
    await stage.start();
    await stage.label(1);
    const { id } = await untilRunning(stage, "SHOP-1");
    const token = readFileSync(join(stage.dataDir, "admin-token"), "utf8").trim();
    const followed = await fetch(`${stage.urls.admin}/api/v1/runs/${id}/log?follow=true`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(followed.status, 200);
    const text = followed.text();
    assert.equal(await stage.end("SIGTERM"), 0);
    assert.equal(await text, "");
  }));

test("a second SIGTERM ends the process at once, with a request still in flight", () =>
  withScene({}, async (stage) => {
    await stage.start();
    const half = new HalfSent(stage, 1);
    await half.arrived(stage);
    signal(stage, "SIGTERM");
    await untilLogged(stage, "daemon.stopping");
    assert.equal(await stage.end("SIGTERM"), 0);
    assert.equal(await half.finish(), "");
    assert.equal(linesOf(stage, "daemon.stopped").length, 0);
    go(stage);
    await stage.start();
  }));
