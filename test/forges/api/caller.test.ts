/** How any host is called: within what it allows, not while it is down, and never a write twice without looking. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Call, Caller } from "../../../forges/api/call.ts";
import { createCaller } from "../../../forges/api/caller.ts";
import type { Clock } from "../../../system/clock.ts";
import type { Http, HttpRequest, HttpResult } from "../../../system/http.ts";

interface World {
  readonly caller: Caller;
  readonly sent: HttpRequest[];
  /** Spans that were slept (ms). */
  readonly slept: number[];
  answer: (request: HttpRequest) => HttpResult | Promise<HttpResult>;
  pass(ms: number): void;
}

function response(status: number, headers: Record<string, string> = {}, body = "{}"): HttpResult {
  return { kind: "response", response: { status, headers, body } };
}

function world({ isSliding = false, limit = 100 } = {}): World {
  let now = 1_000_000;
  const sent: HttpRequest[] = [];
  const slept: number[] = [];
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
  };
  const http: Http = {
    async request(_operation, request): Promise<HttpResult> {
      sent.push(request);
      return it.answer(request);
    },
  };
  const secret = "sec-ret-token";
  const login = { account: "me", headers: { authorization: `Bearer ${secret}` }, secret };
  const caller = createCaller({
    http,
    clock,
    name: "Host",
    base: "https://host.test/api",
    headers: {},
    access: async () => ({ kind: "ok", value: login }),
    limits: { limit, isSliding },
    apartMs: 1_000,
  });
  const it: World = {
    caller,
    sent,
    slept,
    answer: () => response(200),
    pass: (ms) => {
      now += ms;
    },
  };
  return it;
}

const GET: Call = { method: "GET", path: "/x" };
const POST: Call = { method: "POST", path: "/x", body: {}, creates: true };

function limitedTo(remaining: number, resetIn: number): HttpResult {
  return response(200, {
    "x-ratelimit-limit": "100",
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-reset": String(1_000 + resetIn),
  });
}

test("who can spare leaves a fifth of the limit to who writes, until it is given anew", async () => {
  const it = world();
  it.answer = () => limitedTo(21, 60);
  await it.caller.call(GET);
  assert.equal((await it.caller.spare.call(GET)).kind, "ok");
  it.answer = () => limitedTo(20, 60);
  await it.caller.call(GET);
  const held = await it.caller.spare.call(GET);
  assert.deepEqual([held.kind, held.kind === "retry" && held.afterMs, it.sent.length], ["retry", 60_000, 3]);
  assert.equal((await it.caller.call(POST)).kind, "ok");
  it.answer = () => limitedTo(0, 60);
  await it.caller.call(GET);
  assert.equal((await it.caller.call(POST)).kind, "retry", "nothing is left of it");
  it.pass(61_000);
  assert.equal((await it.caller.spare.call(GET)).kind, "ok");
});

test("a limit is a pause for all, for as long as the host says, and where it says nothing longer each time", async () => {
  const it = world();
  it.answer = () => response(403, { "retry-after": "7" });
  const said = await it.caller.call(GET);
  assert.deepEqual(said, {
    kind: "retry",
    reason: "Host limits our calls (403)",
    afterMs: 7_000,
    fault: "host",
  });
  it.pass(0.25);
  const paused = await it.caller.call(POST);
  assert.deepEqual(
    paused.kind === "retry" && paused.afterMs,
    7_000,
    "in whole milliseconds, as it is stored",
  );
  assert.equal(it.sent.length, 1, "nobody asks meanwhile");
  it.pass(7_001);
  it.answer = () => response(403, {}, '{"message": "You have exceeded a secondary rate limit"}');
  const waits: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const limited = await it.caller.call(GET);
    assert.ok(limited.kind === "retry");
    waits.push(limited.afterMs);
    it.pass(limited.afterMs + 1);
  }
  assert.deepEqual(waits, [120_000, 240_000, 480_000]);
  it.answer = () => response(403, {}, '{"message": "Resource not accessible by integration"}');
  const refused = await it.caller.call(GET);
  assert.deepEqual(refused.kind === "refused" && refused.because, "permission", "a 403 that is no limit");
});

test("a host that is down is left alone, then tried by one", async () => {
  const it = world();
  it.answer = () => ({
    kind: "unreachable",
    reason: "host.test did not answer: ECONNREFUSED",
    neverSent: true,
  });
  for (let time = 0; time < 5; time += 1) {
    const gone = await it.caller.call(GET);
    assert.deepEqual([gone.kind, gone.kind === "unreachable" && gone.neverSent], ["unreachable", true]);
  }
  const held = await it.caller.call(GET);
  assert.deepEqual(held, {
    kind: "retry",
    reason: "Host is down, and left alone",
    afterMs: 30_000,
    fault: "host",
  });
  assert.equal(it.sent.length, 5);
  it.pass(30_001);
  const trial = Promise.withResolvers<HttpResult>();
  it.answer = () => trial.promise;
  const trying = it.caller.call(GET);
  assert.equal((await it.caller.call(GET)).kind, "retry", "one is enough");
  trial.resolve(response(502));
  assert.equal((await trying).kind, "retry");
  assert.equal((await it.caller.call(GET)).kind, "retry", "left alone again, for longer");
  it.pass(60_001);
  it.answer = () => response(404);
  assert.equal((await it.caller.call(GET)).kind, "refused", "it answers: that is enough");
  assert.equal((await it.caller.call(GET)).kind, "refused");
});

test("a write that something before the host has answered may have been carried out; a read has not", async () => {
  const it = world();
  it.answer = () => response(504, {}, "<html>");
  assert.deepEqual(await it.caller.call(POST), {
    kind: "unreachable",
    reason: "Host answered 504",
    neverSent: false,
  });
  assert.equal((await it.caller.call(GET)).kind, "retry");
  it.answer = () => response(503, { "retry-after": "20" });
  const away = await it.caller.call(POST);
  assert.deepEqual([away.kind, away.kind === "retry" && away.afterMs], ["retry", 20_000]);
});

test("what makes something new goes one after the other, a second apart, and too many are sent away", async () => {
  const it = world();
  let running = 0;
  it.answer = async () => {
    running += 1;
    assert.equal(running, 1, "one at a time");
    await Promise.resolve();
    running -= 1;
    return response(201);
  };
  const told = await Promise.all(Array.from({ length: 7 }, () => it.caller.call(POST)));
  assert.deepEqual(
    told.map(({ kind }) => kind),
    ["ok", "ok", "ok", "ok", "ok", "retry", "retry"],
  );
  assert.deepEqual(it.slept, [1_000, 1_000, 1_000, 1_000]);
});

test("a read that has moved is followed at the same host alone; a write is told so", async () => {
  const it = world();
  const moved = (to: string) => (request: HttpRequest) =>
    request.url.endsWith("/x") ? response(301, { location: to }) : response(200, {}, '"new"');
  it.answer = moved("https://host.test/api/new");
  const found = await it.caller.call(GET);
  assert.deepEqual(
    [found.kind === "ok" && found.value.body, it.sent.at(-1)?.url],
    ['"new"', "https://host.test/api/new"],
  );
  const told = await it.caller.call(POST);
  assert.deepEqual(told.kind === "refused" && told.because, "conflict");
  for (const to of ["https://evil.test/api/new", "http://host.test/api/new", "https://host.test/other", ""]) {
    it.sent.length = 0;
    it.answer = moved(to);
    assert.equal((await it.caller.call(GET)).kind, "refused", to);
    assert.equal(it.sent.length, 1, to);
  }
  it.answer = () => response(302, { location: "https://host.test/api/x" });
  assert.equal((await it.caller.call(GET)).kind, "refused", "in a circle");
});

test("what is the same as before costs a 304, and is answered as it was", async () => {
  const it = world();
  it.answer = ({ headers }) =>
    headers?.["if-none-match"] === '"1"' ? response(304) : response(200, { etag: '"1"' }, '{"a":1}');
  await it.caller.call(GET);
  const again = await it.caller.call(GET);
  assert.deepEqual(
    [again.kind === "ok" && again.value.body, it.sent[1]?.headers?.["if-none-match"]],
    ['{"a":1}', '"1"'],
  );
  assert.deepEqual(await it.caller.fresh(GET, '"1"'), { kind: "unchanged" });
});

test("reasons are one sentence, without the token, whatever the host says", async () => {
  const it = world();
  it.answer = () =>
    response(422, {}, JSON.stringify({ message: `sec-ret-token is\nbad ${"x".repeat(5_000)}` }));
  const refused = await it.caller.call(POST);
  assert.ok(refused.kind === "refused");
  assert.match(refused.reason, /^Host answered 422: \[secret\] is bad x+…$/);
  assert.ok(refused.reason.length < 230);
  for (const body of ["", "<html>", "[]", "null", '{"errors":[null,{"message":{}}]}', "[[[[[[1]]]]]]"]) {
    it.answer = () => response(400, {}, body);
    assert.equal((await it.caller.call(POST)).kind, "refused", body);
  }
});

test("where each call is forgotten a while after it, the last of a limit is used", async () => {
  const it = world({ isSliding: true, limit: 60 });
  it.answer = () => response(200, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1060" });
  await it.caller.call(GET);
  assert.equal((await it.caller.call(GET)).kind, "ok");
  assert.equal((await it.caller.spare.call(GET)).kind, "retry");
});
