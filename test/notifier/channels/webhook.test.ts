/** The webhook channel, against a real receiver that checks signatures and has bad days. */

import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { type TestContext, test } from "node:test";
import { webhookChannel } from "../../../notifier/channels/webhook.ts";
import type { Sender, Sent } from "../../../notifier/ports.ts";
import { systemClock } from "../../../system/clock.ts";
import { type Http, systemHttp } from "../../../system/http.ts";
import { call, NOW, secretOf } from "../calls.ts";
import { type Receiver, startReceiver } from "../receiver.ts";

const SECRET = secretOf("k");
const plain = (text: string): string => text;

interface Scene {
  readonly receiver: Receiver;
  readonly channel: Sender;
}

async function scene(t: TestContext, secrets: readonly string[] = [SECRET], hurry = 0): Promise<Scene> {
  const receiver = await startReceiver(SECRET);
  t.after(() => receiver.close());
  const http = hurry === 0 ? systemHttp() : hurried(hurry);
  const ports = { http, clock: systemClock(), redact: plain };
  return { receiver, channel: webhookChannel({ url: receiver.url, secrets }, ports) };
}

/** A daemon waits for 10 s; a test need not. */
function hurried(timeoutMs: number): Http {
  const http = systemHttp();
  return { request: (operation, request) => http.request(operation, { ...request, timeoutMs }) };
}

/** What becomes of a call that is answered so. */
async function sentWhere(
  t: TestContext,
  answer: (response: ServerResponse) => void,
  hurry = 0,
): Promise<{ readonly sent: Sent; readonly receiver: Receiver }> {
  const { receiver, channel } = await scene(t, [SECRET], hurry);
  receiver.answer = answer;
  return { sent: await channel.send(call()), receiver };
}

const status =
  (code: number, headers: Readonly<Record<string, string>> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end();

test("a message is signed, has its id at each try, and says what, when and about whom", async (t) => {
  const { receiver, channel } = await scene(t);
  assert.deepEqual(
    [await channel.send(call()), await channel.send(call({ tries: 4 }))],
    [{ kind: "sent" }, { kind: "sent" }],
  );
  assert.deepEqual(receiver.turnedAway, []);
  assert.deepEqual(
    receiver.received.map(({ id, type }) => [id, type]),
    [
      ["msg_m1", "task.failed"],
      ["msg_m1", "task.failed"],
    ],
  );
  assert.deepEqual(receiver.received[0]?.data, {
    subject: { kind: "task", name: "SHOP-12" },
    project: "shop",
    message: "SHOP-12 has failed",
    title: "Fix the till",
    reason: "no",
    remedy: null,
  });
});

test("a receiver that still has the old secret takes what is signed with both; a wrong one is turned away", async (t) => {
  const rotating = await scene(t, [secretOf("n"), SECRET]);
  assert.deepEqual(await rotating.channel.send(call()), { kind: "sent" });
  const wrong = await scene(t, [secretOf("n")]);
  const sent = await wrong.channel.send(call());
  assert.deepEqual(
    [sent.kind, sent.kind === "failed" && sent.fault, wrong.receiver.turnedAway],
    ["failed", "call", ["bad signature"]],
  );
});

test("K2: 410 ends the message; what another message would meet as well is the host's fault, the rest is not", async (t) => {
  const { sent: gone } = await sentWhere(t, status(410));
  assert.equal(gone.kind, "refused");
  for (const [code, fault] of [
    [400, "call"],
    [404, "call"],
    [413, "call"],
    [408, "host"],
    [429, "host"],
    [500, "host"],
    [503, "host"],
  ] as const) {
    const { sent, receiver } = await sentWhere(t, status(code));
    assert.deepEqual(sent, { kind: "failed", fault, reason: `${receiver.host} answered ${code}` });
  }
});

test("K2: Retry-After is believed as seconds and as a date, within an hour", async (t) => {
  const inAMinute = new Date(Date.now() + 60_000).toUTCString();
  for (const [header, least, most] of [
    ["7", 7_000, 7_000],
    ["0", 1_000, 1_000],
    [inAMinute, 50_000, 60_000],
    ["Thu, 01 Jan 1970 00:00:00 GMT", 1_000, 1_000],
    ["999999999", 3_600_000, 3_600_000],
  ] as const) {
    const { sent } = await sentWhere(t, status(429, { "retry-after": header }));
    const after = sent.kind === "failed" ? (sent.afterMs ?? -1) : -1;
    assert.ok(after >= least && after <= most, `${header}: ${after}`);
  }
  const { sent } = await sentWhere(t, status(429, { "retry-after": "soon" }));
  assert.equal(sent.kind === "failed" && sent.afterMs, undefined);
});

test("K2: a redirect is not followed", async (t) => {
  const other = await startReceiver(SECRET);
  t.after(() => other.close());
  const { sent } = await sentWhere(t, status(308, { location: other.url }));
  assert.match(sent.kind === "failed" ? sent.reason : "", /answered 308: redirects are not followed/);
  assert.deepEqual([other.received, other.turnedAway], [[], []]);
});

test("K2: the head of the answer is enough: a body that does not end, or comes slowly, holds nobody", async (t) => {
  const endless = (response: ServerResponse): void => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write("x".repeat(65_536)));
      if (!response.destroyed) response.once("drain", more);
    };
    more();
  };
  const silent = (response: ServerResponse): void => {
    response.writeHead(202);
    response.write("…");
  };
  for (const answer of [endless, silent])
    assert.deepEqual((await sentWhere(t, answer)).sent, { kind: "sent" });
});

test("a receiver that hangs, or breaks off, may have got it; one that is not there has not", async (t) => {
  const { sent: hanging, receiver } = await sentWhere(t, () => undefined, 200);
  assert.deepEqual(hanging, {
    kind: "failed",
    fault: "host",
    reason: `${receiver.host} did not answer: it took too long`,
  });
  const { sent: broken } = await sentWhere(t, (response) => void response.destroy());
  assert.equal(broken.kind === "failed" && broken.neverSent, undefined);
  const { receiver: closed, channel } = await scene(t);
  await closed.close();
  const sent = await channel.send(call());
  assert.equal(sent.kind === "failed" && sent.neverSent, true);
});

test("I12: neither the address nor the secret stands in a reason", async (t) => {
  for (const answer of [
    status(500),
    status(302),
    status(410),
    (response: ServerResponse) => void response.destroy(),
  ]) {
    const { sent } = await sentWhere(t, answer);
    assert.doesNotMatch(JSON.stringify(sent), /s3cr3tpath|whsec|hooks/);
  }
});

test("a message that is too large is a defect, and is not sent", async (t) => {
  const { receiver, channel } = await scene(t);
  const sent = await channel.send(call({ payload: { message: "x".repeat(70_000), at: NOW } }));
  assert.equal(sent.kind, "refused");
  assert.deepEqual(receiver.received, []);
});
