/** Requests of Slack's: which are believed, and what they are answered with. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Opened } from "../../../chats/chat.ts";
import { open } from "../../../chats/slack/open.ts";
import { signatureOf } from "../../proof/slack/people.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const NOW = Date.UTC(2026, 10, 29);
const AT = String(NOW / 1_000);
const JSON_TYPE = "application/json";
const FORM = "application/x-www-form-urlencoded";
const EVENT = JSON.stringify({
  type: "event_callback",
  event_id: "Ev1",
  token: "old",
  event: { type: "message" },
});

interface Request {
  readonly body?: string;
  readonly type?: string | undefined;
  readonly at?: string | undefined;
  readonly signature?: string | undefined;
  readonly now?: number;
  readonly secrets?: readonly string[];
}

function opened(request: Request): Opened {
  const { body = EVENT, type = JSON_TYPE, at = AT, now = NOW, secrets = [SECRET] } = request;
  const signature = "signature" in request ? request.signature : signatureOf(SECRET, at, body);
  const headers: Readonly<Record<string, string | undefined>> = {
    "content-type": type,
    "x-slack-request-timestamp": at,
    "x-slack-signature": signature,
  };
  return open(secrets, Buffer.from(body), (name) => headers[name], now);
}

test("a request that is signed with one of the secrets, within five minutes, is believed", () => {
  for (const request of [
    {},
    { secrets: ["another", SECRET] },
    { now: NOW + 300_000 },
    { now: NOW - 300_000 },
  ])
    assert.equal(opened(request).kind, "update");
});

test("a request that is unsigned, signed otherwise, changed, or old is refused, and no reason tells the signature", () => {
  const right = signatureOf(SECRET, AT, EVENT);
  const bad: readonly Request[] = [
    { signature: undefined },
    { signature: "" },
    { signature: right.slice(0, -1) },
    { signature: right.replace("v0=", "v1=") },
    { signature: signatureOf("other", AT, EVENT) },
    { signature: signatureOf(SECRET, AT, `${EVENT} `) },
    { signature: signatureOf(SECRET, "1", EVENT) },
    { secrets: ["other"] },
    { at: "" },
    { at: "NaN" },
    { now: NOW + 301_000 },
    { now: NOW - 301_000 },
  ];
  for (const request of bad) {
    const refused = opened(request);
    assert.ok(refused.kind === "refused" && refused.status === 401, JSON.stringify(request));
    assert.ok(!refused.reason.includes(right.slice(3)));
  }
});

test("the proof of the address is answered, and nothing of it is kept", () => {
  const asks = (challenge: unknown): Opened =>
    opened({ body: JSON.stringify({ type: "url_verification", challenge }) });
  assert.deepEqual(asks("abc"), { kind: "answer", answer: { status: 200, body: '{"challenge":"abc"}' } });
  assert.equal(asks(7).kind, "refused");
  assert.equal(opened({ body: "ssl_check=1", type: FORM }).kind, "answer");
  assert.equal(opened({ body: '{"type":"app_rate_limited"}' }).kind, "answer");
});

test("events, presses and commands are each one update, by an id that is the same for a repetition", () => {
  const press = {
    type: "block_actions",
    trigger_id: "1.2.abc",
    token: "old",
    message: { blocks: ["large"] },
    actions: [],
  };
  const cases: readonly (readonly [Request, string, string])[] = [
    [{}, "Ev1", "message"],
    [
      { body: new URLSearchParams({ payload: JSON.stringify(press) }).toString(), type: FORM },
      "1.2.abc",
      "block_actions",
    ],
    [
      { body: "command=%2Fchargehand&text=status&trigger_id=3.4&token=old", type: FORM },
      "3.4",
      "slash_command",
    ],
  ];
  for (const [request, id, event] of cases) {
    const [first, again] = [opened(request), opened(request)];
    assert.deepEqual(first, again);
    assert.ok(first.kind === "update");
    assert.deepEqual([first.update.id, first.update.event], [id, event]);
    assert.deepEqual(first.answer, { status: 200, body: "" });
    // The token of old days proves an app to whoever knows it, and what stands around a button is ours.
    assert.ok(!/old|large/.test(first.update.body), first.update.body);
  }
});

test("what has no id is known by its content", () => {
  const of = (text: string): string => {
    const result = opened({ body: `command=%2Fx&text=${text}`, type: FORM });
    return result.kind === "update" ? result.update.id : "";
  };
  assert.match(of("a"), /^sha256:[0-9a-f]{64}$/);
  assert.equal(of("a"), of("a"));
  assert.notEqual(of("a"), of("b"));
});

test("what is signed and makes no sense is refused without a word of it", () => {
  for (const [body, type] of [
    ["", JSON_TYPE],
    ["[]", JSON_TYPE],
    ["{", JSON_TYPE],
    ["null", JSON_TYPE],
    ["payload=%5B%5D", FORM],
    ["x=y", FORM],
    [EVENT, "text/plain"],
    [EVENT, ""],
  ] as const) {
    const refused = opened({ body, type });
    assert.ok(refused.kind === "refused" && refused.status === 400, body);
  }
});
