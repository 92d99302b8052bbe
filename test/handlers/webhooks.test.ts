/** The webhook listener: every answer of DESIGN §5, and hostile input. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { githubSource } from "../../handlers/github/webhook.ts";
import { createIntake, type Receipt } from "../../handlers/intake.ts";
import { planeSource } from "../../handlers/plane/webhook.ts";
import { type BodyReader, createBodyReader } from "../../handlers/read-body.ts";
import { webhookApp } from "../../handlers/webhooks.ts";
import type { Store } from "../../store/store.ts";
import type { NewDelivery } from "../../workflow/delivery.ts";
import { handClock, heardLog, memoryStore } from "./hand-moved.ts";
import { githubExample, hmac, planeFixture, planeFixtures } from "./payloads.ts";

const SECRET = "It's a Secret to Everybody";
const OLD_SECRET = "the secret before";
const PLANE_SECRET = "plane_wh_0f3b6c1e5d7a4f2f9a1c2b3d4e5f6071";
const LIMIT = 300_000;

async function setUp(record?: (delivery: NewDelivery) => Promise<Receipt>, bodies?: BodyReader) {
  const store: Store = await memoryStore();
  const log = heardLog();
  const clock = handClock();
  const giveUpBallast = async (): Promise<boolean> => false;
  const intake = createIntake({
    deliveries: store.deliveries,
    clock,
    log,
    giveUpBallast,
  });
  const app = webhookApp({
    sources: [githubSource([SECRET, OLD_SECRET]), planeSource([PLANE_SECRET])],
    record: record ?? ((delivery) => intake.record(delivery)),
    bodies: bodies ?? createBodyReader({ memory: () => 2 * LIMIT, clock }),
    bodyLimit: LIMIT,
    adminUrl: () => "http://127.0.0.1:8788",
    log,
  });
  const post = (path: string, headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer>) =>
    app.request(path, { method: "POST", headers, body });
  const github = (body: string, headers: Record<string, string> = {}) =>
    post("/webhooks/github", { ...genuine(body), ...headers }, body);
  return { store, log, app, post, github };
}

function genuine(body: string | Uint8Array, secret: string = SECRET): Record<string, string> {
  return {
    "content-type": "application/json",
    "x-github-event": "issues",
    "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    "x-hub-signature-256": `sha256=${hmac(secret, body)}`,
  };
}

async function count(store: Store): Promise<number> {
  return (await store.deliveries.list({ limit: 500, before: null })).items.length;
}

const LABELED = JSON.stringify(githubExample("issues", 9));

test("I1: a genuine delivery is stored and answered 202 accepted, its repeat 200 duplicate", async () => {
  const { store, github } = await setUp();
  const first = await github(LABELED);
  assert.equal(first.status, 202);
  assert.equal(first.headers.get("content-type"), "application/json");
  const { delivery, ...rest } = (await first.json()) as { delivery: number };
  assert.deepEqual(rest, { status: "accepted" });
  const stored = await store.deliveries.get(delivery);
  assert.equal(stored?.body, LABELED);
  assert.equal(stored?.event, "issues");
  assert.equal(stored?.deliveryId, "72d3162e-cc78-11e3-81ab-4c9367dc0958");
  const second = await github(LABELED);
  assert.equal(second.status, 200);
  assert.deepEqual(await second.json(), { status: "duplicate", delivery });
});

test("a ping is answered 200 pong, first and again", async () => {
  const { github } = await setUp();
  const ping = JSON.stringify(githubExample("ping", 0));
  for (const _ of [1, 2]) {
    const answer = await github(ping, { "x-github-event": "ping" });
    assert.equal(answer.status, 200);
    assert.equal(((await answer.json()) as { status: string }).status, "pong");
  }
});

test("during a rotation both secrets are good", async () => {
  const { github } = await setUp();
  assert.equal((await github(LABELED, genuine(LABELED, OLD_SECRET))).status, 202);
});

const BAD_SIGNATURES: Readonly<Record<string, string | undefined>> = {
  missing: undefined,
  empty: "",
  "prefix only": "sha256=",
  "of another secret": `sha256=${hmac("guess", LABELED)}`,
  "of other bytes": `sha256=${hmac(SECRET, `${LABELED} `)}`,
  "of the re-serialised body": `sha256=${hmac(SECRET, JSON.stringify(JSON.parse(LABELED), null, 1))}`,
  "without its prefix": hmac(SECRET, LABELED),
  "sha1 only": `sha1=${hmac(SECRET, LABELED).slice(0, 40)}`,
  "too long": `sha256=${hmac(SECRET, LABELED)}00`,
  "cut short": `sha256=${hmac(SECRET, LABELED).slice(0, 62)}`,
  "no hex": `sha256=${"z".repeat(64)}`,
};

for (const [name, signature] of Object.entries(BAD_SIGNATURES)) {
  test(`a signature that is ${name} is answered 401, stores nothing and tells nothing`, async () => {
    const { store, log, post } = await setUp();
    const { "x-hub-signature-256": _, ...headers } = genuine(LABELED);
    const signed = signature === undefined ? headers : { ...headers, "x-hub-signature-256": signature };
    const answer = await post("/webhooks/github", signed, LABELED);
    assert.equal(answer.status, 401);
    const text = await answer.text();
    assert.deepEqual(JSON.parse(text), { status: "bad_signature", delivery: null });
    assert.equal(await count(store), 0);
    for (const secret of [SECRET, OLD_SECRET, hmac(SECRET, LABELED), hmac(OLD_SECRET, LABELED)]) {
      assert.equal(`${text}${JSON.stringify(log.lines)}`.includes(secret), false);
    }
  });
}

test("a source that is not configured is answered 404 unknown_source, whatever tricks its path plays", async () => {
  const { store, post } = await setUp();
  const paths = [
    "gitea",
    "github/other",
    "plane/x",
    "__proto__",
    "constructor",
    "GitHub",
    "github%00",
    "a/b/c",
    "",
  ];
  for (const path of paths) {
    const answer = await post(`/webhooks/${path}`, genuine(LABELED), LABELED);
    assert.equal(answer.status, 404, path);
    assert.deepEqual(await answer.json(), { status: "unknown_source", delivery: null });
  }
  assert.equal(await count(store), 0);
});

test("every other path and method is answered with a problem document", async () => {
  const { app } = await setUp();
  const cases: [string, string, number][] = [
    ["GET", "/webhooks/github", 405],
    ["PUT", "/webhooks/github", 405],
    ["DELETE", "/webhooks/plane", 405],
    ["GET", "/", 404],
    ["POST", "/", 404],
    ["POST", "/healthz", 404],
    ["GET", "/api/v1/tasks", 404],
    ["GET", "/webhooks/../../etc/passwd", 404],
    ["POST", "/webhooks/%2e%2e", 404],
  ];
  for (const [method, path, status] of cases) {
    const answer = await app.request(path, { method });
    assert.equal(answer.status, status, `${method} ${path}`);
    assert.equal(answer.headers.get("content-type"), "application/problem+json");
    assert.equal(((await answer.json()) as { status: number }).status, status);
  }
  assert.equal((await app.request("/healthz")).status, 200);
});

test("a body over the limit is answered 413 before it is read, and while it is read", async () => {
  const { store, post } = await setUp();
  const large = "x".repeat(LIMIT + 1);
  const announced = await post(
    "/webhooks/github",
    { ...genuine(large), "content-length": String(LIMIT + 1) },
    large,
  );
  assert.equal(announced.status, 413);
  assert.equal(((await announced.json()) as { status: string }).status, "too_large");
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller): void {
      pulled += 1;
      controller.enqueue(Buffer.alloc(50_000, 120));
    },
  });
  const init = { method: "POST", headers: genuine("x"), body: endless, duplex: "half" } as const;
  const chunked = await (await setUp()).app.request(new Request("http://localhost/webhooks/github", init));
  assert.equal(chunked.status, 413);
  assert.ok(pulled < 20, `${pulled} pieces were read`);
  assert.equal(await count(store), 0);
});

test("a body in chunks, with no length announced, is taken like any other", async () => {
  const { app } = await setUp();
  const body = JSON.stringify(githubExample("issues", 9, { "issue.body": "ü".repeat(100_000) }));
  const bytes = Buffer.from(body);
  let at = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller): void {
      controller.enqueue(bytes.subarray(at, at + 1_001));
      at += 1_001;
      if (at >= bytes.length) controller.close();
    },
  });
  const init = { method: "POST", headers: genuine(body), body: stream, duplex: "half" } as const;
  assert.equal((await app.request(new Request("http://localhost/webhooks/github", init))).status, 202);
});

const MALFORMED: Readonly<Record<string, Uint8Array>> = {
  "truncated JSON": Buffer.from(LABELED.slice(0, -5)),
  "no JSON": Buffer.from("hello"),
  empty: Buffer.alloc(0),
  "an array": Buffer.from("[1]"),
  null: Buffer.from("null"),
  "a string": Buffer.from('"text"'),
  "a number": Buffer.from("12"),
  "no UTF-8": Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
  "with a byte order mark": Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from("{}")]),
  "UTF-16": Buffer.from("{}", "utf16le"),
  "with a raw NUL": Buffer.from('{"a":"\u0000"}'),
};

for (const [name, body] of Object.entries(MALFORMED)) {
  test(`a genuine body that is ${name} is answered 400 malformed`, async () => {
    const { store, post } = await setUp();
    const answer = await post("/webhooks/github", genuine(body), new Uint8Array(body));
    assert.equal(answer.status, 400);
    const { status, reason } = (await answer.json()) as { status: string; reason: string };
    assert.equal(status, "malformed");
    assert.match(reason, /^the body /);
    assert.equal(await count(store), 0);
  });
}

test("a hook that sends forms is answered 400 with what to set", async () => {
  const { post } = await setUp();
  const form = `payload=${encodeURIComponent(LABELED)}`;
  const headers = { ...genuine(form), "content-type": "application/x-www-form-urlencoded" };
  const answer = await post("/webhooks/github", headers, form);
  assert.equal(answer.status, 400);
  assert.match(((await answer.json()) as { reason: string }).reason, /application\/json/);
});

test("an id header that is missing or absurd is replaced by a digest, the same for every repeat", async () => {
  const { store, post } = await setUp();
  const { "x-github-delivery": _, ...headers } = genuine(LABELED);
  for (const id of [undefined, "", "x".repeat(500), "a b"]) {
    const answer = await post(
      "/webhooks/github",
      id === undefined ? headers : { ...headers, "x-github-delivery": id },
      LABELED,
    );
    assert.ok([200, 202].includes(answer.status));
  }
  const { items } = await store.deliveries.list({ limit: 10, before: null });
  assert.equal(items.length, 1);
  assert.match(items[0]?.deliveryId ?? "", /^sha256:[0-9a-f]{64}$/);
  assert.equal(items[0]?.headerId, null);
});

test("every recorded Plane delivery verifies, and the same one under a new header id is a duplicate", async () => {
  const { store, post } = await setUp();
  for (const { name, headers, body } of planeFixtures()) {
    const first = await post("/webhooks/plane", headers, body);
    assert.equal(first.status, 202, name);
    const again = await post(
      "/webhooks/plane",
      { ...headers, "x-plane-delivery": "another-for-the-retry" },
      body,
    );
    assert.equal(again.status, 200, name);
    assert.equal(((await again.json()) as { status: string }).status, "duplicate");
  }
  const { items } = await store.deliveries.list({ limit: 100, before: null });
  assert.equal(items.length, planeFixtures().length);
  const { headers } = planeFixture("issue-created");
  assert.ok(items.some(({ headerId }) => headerId === headers["X-Plane-Delivery"]));
});

test("a retry of Plane's second format names another delivery in its body, and is a duplicate all the same", async () => {
  const { post } = await setUp();
  const { headers, body } = planeFixture("v2-workitem-deleted");
  const retry = body.replace("01ab9316-f978-4449-bad6-dce958be8402", "ffffffff-f978-4449-bad6-dce958be8402");
  assert.notEqual(retry, body);
  assert.equal((await post("/webhooks/plane", headers, body)).status, 202);
  const resigned = { ...headers, "X-Plane-Signature": hmac(PLANE_SECRET, retry) };
  assert.equal((await post("/webhooks/plane", resigned, retry)).status, 200);
});

test("a store that cannot is answered 503 and a queue that is full 429, both with Retry-After", async () => {
  for (const [kind, status, word] of [
    ["unavailable", 503, "unavailable"],
    ["overloaded", 429, "overloaded"],
  ] as const) {
    const { github } = await setUp(async () => ({ kind }));
    const answer = await github(LABELED);
    assert.equal(answer.status, status);
    assert.match(answer.headers.get("retry-after") ?? "", /^[1-9]\d*$/);
    assert.equal(((await answer.json()) as { status: string }).status, word);
  }
});

test("a body that does not come in time is answered 408, one that stood in the way 503 with Retry-After", async () => {
  for (const [kind, status, after] of [
    ["too_slow", 408, null],
    ["overloaded", 503, "5"],
  ] as const) {
    const { store, github } = await setUp(undefined, { read: async () => ({ kind }) });
    const answer = await github(LABELED);
    assert.deepEqual([answer.status, answer.headers.get("retry-after")], [status, after]);
    assert.equal(((await answer.json()) as { status: string }).status, kind);
    assert.equal(await count(store), 0);
  }
});

test("I1: no answer is given before the delivery is stored", async () => {
  let release = (_: Receipt): void => undefined;
  const { github } = await setUp(() => new Promise((resolve) => (release = resolve)));
  let isAnswered = false;
  const answer = (async () => {
    const response = await github(LABELED);
    isAnswered = true;
    return response;
  })();
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isAnswered, false);
  release({ kind: "recorded", id: 1, fresh: true });
  assert.equal((await answer).status, 202);
});

test("10,000 random bodies, signed or not, never crash it and start nothing", async () => {
  const { store, log, post } = await setUp(async () => ({ kind: "recorded", id: 1, fresh: true }));
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc.json().map((text) => Buffer.from(text)),
  );
  const cases = fc.sample(fc.tuple(body, fc.boolean(), fc.constantFrom("github", "plane")), 10_000);
  const statuses = new Set<number>();
  for (const [bytes, isSigned, source] of cases) {
    const hex = hmac(isSigned ? (source === "github" ? SECRET : PLANE_SECRET) : "guess", bytes);
    const headers = {
      "x-hub-signature-256": `sha256=${hex}`,
      "x-plane-signature": hex,
      "x-github-event": "issues",
    };
    const answer = await post(`/webhooks/${source}`, headers, new Uint8Array(bytes));
    statuses.add(answer.status);
    assert.ok(isSigned ? [202, 400].includes(answer.status) : answer.status === 401);
  }
  assert.deepEqual([...statuses].sort(), [202, 400, 401]);
  assert.equal(await count(store), 0);
  assert.equal(
    log.lines.some(({ event }) => event === "webhook.error"),
    false,
  );
});
