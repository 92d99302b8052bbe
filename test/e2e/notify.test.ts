/** Who is told, with a real daemon and receiver: once per id over a restart, at a shutdown, and after a reload. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { secretOf } from "../notifier/calls.ts";
import { type Receiver, startReceiver } from "../notifier/receiver.ts";
import { chargehandEnds } from "./command-line.ts";
import { DaemonProcess } from "./daemon-process.ts";
import { linesOf, untilLogged } from "./scene.ts";

const SECRET = secretOf("k");
const FAILS = ["/bin/sh", "-c", "exit 3"];

function tell(stage: DaemonProcess, notify: string): void {
  const text = readFileSync(stage.config, "utf8").replace(/^notify:.*\n/m, "");
  writeFileSync(stage.config, `${text}notify: ${notify}\n`);
}

async function staged(work: (stage: DaemonProcess, receiver: Receiver) => Promise<void>): Promise<void> {
  const receiver = await startReceiver(SECRET);
  const stage = new DaemonProcess({ argv: FAILS });
  tell(stage, `[{ channel: webhook, name: ops, url: "${receiver.url}", secret: ${SECRET} }]`);
  try {
    await stage.start();
    await work(stage, receiver);
  } finally {
    await stage.close();
    await receiver.close();
  }
}

interface Outbox {
  readonly pending: number;
  readonly dead: number;
  readonly resting: readonly { readonly host: string }[];
}

async function outboxOf(stage: DaemonProcess): Promise<Outbox> {
  return (await stage.api<{ outbox: Outbox }>("/api/v1/status")).body.outbox;
}

test("a task that fails tells a webhook once per id, although the daemon is killed before the answer has come", async () => {
  await staged(async (stage, receiver) => {
    receiver.answer = () => undefined;
    await stage.label(1);
    await stage.until("the first try has arrived", () => receiver.received.length === 1);
    await stage.end("SIGKILL");
    receiver.answer = (response) => void response.writeHead(204).end();
    await stage.start();
    await stage.until("it is told", async () => (await outboxOf(stage)).pending === 0);
    const told = receiver.received.filter(({ type }) => type === "task.failed");
    assert.equal(told.length, 2, "at least once");
    assert.equal(new Set(told.map(({ id }) => id)).size, 1, "once per id");
    assert.deepEqual(receiver.turnedAway, []);
    const { data } = told[0] ?? assert.fail();
    assert.deepEqual(
      [data["subject"], data["message"]],
      [{ kind: "task", name: "SHOP-1" }, "SHOP-1 has failed"],
    );
    await stage.end("SIGTERM");
    await stage.start();
    await stage.label(2);
    await stage.until("the next one is told", () =>
      receiver.received.some((message) => message.data["message"] === "SHOP-2 has failed"),
    );
    assert.equal(receiver.received.length, 3, "what was told is not told again");
  });
});

test("a host that is down delays no task and rests; a shutdown sends what is due, and waits for no dead host", async () => {
  await staged(async (stage, receiver) => {
    receiver.answer = (response) => void response.writeHead(503, { "retry-after": "6" }).end();
    await stage.label(1);
    await stage.until("the host rests", async () => (await outboxOf(stage)).resting.length === 1);
    const { resting, pending } = await outboxOf(stage);
    assert.deepEqual([resting[0]?.host, pending], [receiver.host, 1]);
    assert.match((await chargehandEnds(stage, "status")).out, new RegExp(`NOT CALLED[^]*${receiver.host}`));
    const began = performance.now();
    assert.equal(await stage.end("SIGTERM"), 0);
    assert.ok(performance.now() - began < 10_000);
    receiver.answer = (response) => void response.writeHead(200).end();
    await stage.start();
    await stage.label(2);
    await stage.until(
      "both are told",
      () => receiver.received.filter(({ status }) => status === 200).length === 2,
    );
  });
});

test("a channel that is taken out leaves what it owes as dead, with what to do; the log is told, and it can be retried", async () => {
  await staged(async (stage, receiver) => {
    receiver.answer = (response) => void response.writeHead(404).end();
    await stage.label(1);
    await stage.until("it was tried", () => receiver.received.length === 1);
    tell(stage, "[{ channel: log }]");
    process.kill(stage.pid, "SIGHUP");
    await untilLogged(stage, "outbox.gone");
    await stage.until("the log is told", () =>
      linesOf(stage, "notice.told").some(({ notice }) => notice === "outbox.dead"),
    );
    const { out } = await chargehandEnds(stage, "outbox", "list", "--status", "dead");
    assert.match(out, /webhook:ops .*SHOP-1 has failed .*put it back under notify/);
    const id = /^(\d+) /m.exec(out)?.[1] ?? "";
    receiver.answer = (response) => void response.writeHead(200).end();
    tell(stage, `[{ channel: webhook, name: ops, url: "${receiver.url}", secret: ${SECRET} }]`);
    process.kill(stage.pid, "SIGHUP");
    await untilLogged(stage, "config.reloaded", 2);
    assert.equal((await chargehandEnds(stage, "outbox", "retry", id)).code, 0);
    await stage.until("it is told", () => receiver.received.some(({ status }) => status === 200));
    const ids = receiver.received.filter(({ type }) => type === "task.failed").map((message) => message.id);
    assert.equal(new Set(ids).size, 1);
    assert.deepEqual((await outboxOf(stage)).dead, 0);
  });
});
