/** The admin side as a whole: who may ask, what is published, how errors are told, the status. */

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import type { KeptWorks } from "../../../handlers/api/base.ts";
import { createLinks } from "../../../handlers/chat/link.ts";
import type { WebhookTried } from "../../../handlers/trial.ts";
import { countedSchedules } from "../../../scheduler/recurring/counted.ts";
import type { ClaimConfig } from "../../../store/claim/config.ts";
import { StoreFault } from "../../../store/engine/engine.ts";
import { ask } from "../../../store/settle.ts";
import type { Store } from "../../../store/store.ts";
import { systemChance } from "../../../system/chance.ts";
import type { Intent } from "../../../workflow/decide/decide.ts";
import type { NewKept } from "../../../workflow/kept.ts";
import { plainClaimConfig } from "../../claim-config.ts";
import { reportOne } from "../../report-one.ts";
import { recurringTask } from "../../scheduler/recurring/recurring-task.ts";
import { START } from "../../workflow/decide/intents.ts";
import { APPROVAL, artifact, CI, PIPELINE, phase, starting } from "../../workflow/decide/phases.ts";
import { asks as questionAsked } from "../../workflow/questions.ts";
import { handClock, NOW } from "../hand-moved.ts";
import { wishOf } from "../project.ts";
import { readDocument } from "./document.ts";
import {
  answerOf,
  bearer,
  FAILURE,
  jsonPost,
  problemOf,
  progress,
  type Scene,
  SUCCESS,
  scene,
  TOKEN,
  usage,
} from "./served.ts";

const GOLDEN = new URL("../../golden/openapi.json", import.meta.url);

test("whoever has not the token is answered 401, with how to ask, whatever is asked", async (t) => {
  const { request } = await scene(t);
  const wrong = [
    undefined,
    "",
    "Bearer",
    "Bearer ",
    TOKEN,
    `Basic ${TOKEN}`,
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(0, -1)}`,
    `Bearer ${TOKEN} ${TOKEN}`,
    `Bearer ${"x".repeat(10_000)}`,
  ];
  for (const path of ["/api/v1/status", "/openapi.json", "/api/v1/nothing", "/", "/healthz/", "/healthz/x"]) {
    for (const authorization of wrong) {
      const headers = authorization === undefined ? {} : { authorization };
      const answer = await answerOf(await request(path, { headers }));
      problemOf(answer, 401);
      assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer\b/);
      assert.doesNotMatch(JSON.stringify(answer.body), new RegExp(TOKEN));
    }
  }
});

test("the token opens, and the scheme is read as HTTP reads it, in any case", async (t) => {
  const { request } = await scene(t);
  for (const scheme of ["Bearer", "bearer", "BEARER"]) {
    const response = await request("/api/v1/status", { headers: { authorization: `${scheme} ${TOKEN}` } });
    assert.equal(response.status, 200);
  }
});

test("I14: who asks by a name that is not ours is answered 421, with the token and without, whatever is asked", async (t) => {
  const { request } = await scene(t);
  for (const path of ["/api/v1/status", "/healthz", "/openapi.json", "/nothing"]) {
    for (const headers of [bearer(), {}]) {
      const answer = await answerOf(await request(`http://evil.example:8788${path}`, { headers }));
      assert.match(String(problemOf(answer, 421)["detail"]), /server\.admin_names/);
    }
  }
  for (const name of ["board.example.org", "127.0.0.1:8788", "[::1]:8788"])
    assert.equal((await request(`http://${name}/api/v1/status`, { headers: bearer() })).status, 200);
});

test("the health checks need no token, and tell nothing", async (t) => {
  const { request } = await scene(t);
  assert.deepEqual(await (await request("/healthz")).json(), { status: "ok" });
  assert.deepEqual(await (await request("/readyz")).json(), { status: "ready" });
});

test("a stopping daemon is healthy and no longer ready", async (t) => {
  const { request, end } = await scene(t);
  end.abort();
  assert.equal((await request("/healthz")).status, 200);
  problemOf(await answerOf(await request("/readyz")), 503);
});

test("a database that cannot work is 503 with Retry-After, and its log has what the answer keeps", async (t) => {
  const secret = "disk image at /secret/place is full";
  const fails = async (): Promise<never> => {
    throw new StoreFault("full", secret, "make room");
  };
  const wrap = (store: Store): Store => ({ ...store, totals: fails });
  const { request, log } = await scene(t, { wrap });
  for (const path of ["/readyz", "/api/v1/status"]) {
    const answer = await answerOf(await request(path, { headers: bearer() }));
    assert.doesNotMatch(String(problemOf(answer, 503)["detail"]), /secret/);
    assert.match(answer.headers.get("retry-after") ?? "", /^\d+$/);
  }
  assert.deepEqual(
    log.lines.map(({ event, hint }) => [event, hint]),
    [
      ["api.store", "make room"],
      ["api.store", "make room"],
    ],
  );
});

test("an error that nobody expected is 500 and says nothing about itself", async (t) => {
  const wrap = (store: Store): Store => ({
    ...store,
    totals: () => Promise.reject(new Error("password=hunter2")),
  });
  const { get, log } = await scene(t, { wrap });
  const body = problemOf(await get("/status"), 500);
  assert.doesNotMatch(JSON.stringify(body), /hunter2/);
  assert.equal(log.lines[0]?.event, "api.error");
});

test("what is not there is 404 as a problem document", async (t) => {
  const { get, post, request } = await scene(t);
  const paths = [
    "/tasks/SHOP-9",
    "/tasks/SHOP-9/events",
    "/runs/nope-1",
    "/runs/nope-1/log",
    "/deliveries/9",
  ];
  for (const path of [...paths, "/nothing", "/runs/..%2F..%2Fetc", `/tasks/${"X".repeat(500)}`])
    problemOf(await get(path), 404);
  for (const path of [
    "/tasks/SHOP-9/cancel",
    "/tasks/SHOP-9/retry",
    "/runs/nope-1/kill",
    "/deliveries/9/replay",
  ])
    problemOf(await post(path), 404);
  problemOf(await answerOf(await request("/api/v1/status", { method: "DELETE", headers: bearer() })), 404);
});

test("a body that is no JSON, too large, or sent as something else is refused before anything is done", async (t) => {
  const { request, store } = await scene(t);
  const send = async (init: RequestInit): Promise<number> => {
    const answer = await answerOf(await request("/api/v1/tasks", init));
    problemOf(answer, answer.status);
    return answer.status;
  };
  for (const text of ["{", "not json", '{"project": "shop",}', '{"a":'])
    assert.equal(await send(jsonPost(text)), 400, text);
  const whole = { project: "shop", title: "Sort the shelves" };
  assert.equal(await send(jsonPost({ ...whole, body: "x".repeat(1_100_000) })), 413);
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json"])
    assert.equal(await send(jsonPost(whole, type)), 415, type);
  const nothing = { method: "POST", headers: { ...bearer(), "content-type": "text/plain" } };
  assert.equal(await send(nothing), 415);
  assert.deepEqual((await store.tasks.list({ limit: 9, before: null })).items, []);
  const response = await request("/api/v1/tasks", jsonPost(whole, "application/json; charset=utf-8"));
  assert.equal(response.status, 201);
});

test("a list is asked for with a limit and a cursor that can be meant", async (t) => {
  const { get } = await scene(t);
  for (const path of ["/tasks", "/jobs", "/runs", "/deliveries"]) {
    for (const query of [
      "limit=0",
      "limit=501",
      "limit=x",
      "limit=1.5",
      "cursor=x",
      "cursor=-1",
      "status=odd",
    ]) {
      const { errors } = problemOf(await get(`${path}?${query}`), 400);
      assert.ok(Array.isArray(errors) && errors.length === 1, `${path}?${query}`);
      assert.equal(errors[0].path, query.replace(/=.*/, ""));
      assert.equal(typeof errors[0].message, "string");
    }
    assert.equal((await get(`${path}?limit=500&cursor=7`)).status, 200);
  }
});

/** The rows of DESIGN §8 that belong to the first two parts. */
const ROUTES = [
  "DELETE /api/v1/schedules/{name}",
  "DELETE /api/v1/schedules/{name}/override",
  "GET /api/v1/budgets",
  "GET /api/v1/chats/{name}/link",
  "GET /api/v1/deliveries",
  "GET /api/v1/deliveries/{id}",
  "GET /api/v1/jobs",
  "GET /api/v1/kept",
  "GET /api/v1/kept/{key}",
  "GET /api/v1/outbox",
  "GET /api/v1/projects/{name}/freeze",
  "GET /api/v1/recurring",
  "GET /api/v1/recurring/{name}",
  "GET /api/v1/runs",
  "GET /api/v1/runs/{id}",
  "GET /api/v1/runs/{id}/log",
  "GET /api/v1/runs/{id}/prompt",
  "GET /api/v1/runs/{id}/response",
  "GET /api/v1/runs/{id}/turns",
  "GET /api/v1/schedules",
  "GET /api/v1/schedules/{name}",
  "GET /api/v1/schedules/{name}/next",
  "GET /api/v1/status",
  "GET /api/v1/tasks",
  "GET /api/v1/tasks/{key}",
  "GET /api/v1/tasks/{key}/artifacts",
  "GET /api/v1/tasks/{key}/events",
  "GET /api/v1/tasks/{key}/explain",
  "GET /api/v1/tasks/{key}/questions",
  "GET /api/v1/tasks/{key}/revisions",
  "GET /api/v1/tasks/{key}/snapshots",
  "GET /api/v1/windows",
  "PATCH /api/v1/schedules/{name}",
  "POST /api/v1/budgets",
  "POST /api/v1/chats/{name}/link",
  "POST /api/v1/cooldowns/{account}/clear",
  "POST /api/v1/deliveries/{id}/replay",
  "POST /api/v1/kept/{key}/drop",
  "POST /api/v1/kept/{key}/publish",
  "POST /api/v1/notify/test",
  "POST /api/v1/outbox/{id}/drop",
  "POST /api/v1/outbox/{id}/retry",
  "POST /api/v1/pause",
  "POST /api/v1/projects/{name}/freeze",
  "POST /api/v1/projects/{name}/pause",
  "POST /api/v1/projects/{name}/resume",
  "POST /api/v1/projects/{name}/unfreeze",
  "POST /api/v1/recurring/{name}/run",
  "POST /api/v1/resume",
  "POST /api/v1/runs/{id}/kill",
  "POST /api/v1/schedules",
  "POST /api/v1/schedules/{name}/override",
  "POST /api/v1/tasks",
  "POST /api/v1/tasks/{key}/abort",
  "POST /api/v1/tasks/{key}/answer",
  "POST /api/v1/tasks/{key}/approve",
  "POST /api/v1/tasks/{key}/cancel",
  "POST /api/v1/tasks/{key}/ci",
  "POST /api/v1/tasks/{key}/depend",
  "POST /api/v1/tasks/{key}/pause",
  "POST /api/v1/tasks/{key}/reject",
  "POST /api/v1/tasks/{key}/resume",
  "POST /api/v1/tasks/{key}/retry",
  "POST /api/v1/tasks/{key}/say",
  "POST /api/v1/webhooks/test",
];

test("/openapi.json publishes every route of the API and no other", async (t) => {
  const { request } = await scene(t);
  const { body: document } = await answerOf(await request("/openapi.json", { headers: bearer() }));
  assert.equal(document["openapi"], "3.1.0");
  assert.deepEqual(document["info"], { title: "Chargehand", version: "9.8.7" });
  assert.deepEqual(document["security"], [{ token: [] }]);
  assert.deepEqual(readDocument(document).routes, ROUTES);
});

test("the published document is the golden one; every operation has a name of its own and a summary", async (t) => {
  const { request } = await scene(t);
  const { body } = await answerOf(await request("/openapi.json", { headers: bearer() }));
  const text = `${JSON.stringify(body, null, 2)}\n`;
  if (process.env["UPDATE"]) await writeFile(GOLDEN, text);
  assert.equal(await readFile(GOLDEN, "utf8"), text, "run this test with UPDATE=1 and read the difference");
  const { operations } = readDocument(body);
  assert.equal(new Set(operations.map(({ operationId }) => operationId)).size, ROUTES.length);
  for (const { operationId, summary } of operations) {
    assert.match(String(operationId), /^[a-z]+([A-Z][a-z]+)+$/);
    assert.match(String(summary), /^[A-Z].*[^.]$/);
  }
});

/** Git that does whatever it is asked. */
const WILLING: KeptWorks = {
  show: async () => ({ kind: "ok", value: { commits: ["c0ffee Fix"], paths: ["M a"], isCut: false } }),
  publish: async (kept) => ({ kind: "ok", kept: { ...kept, status: "published" } }),
  drop: async (kept) => ({ kind: "ok", kept: { ...kept, status: "dropped" } }),
};

function work(name: string): NewKept {
  const ref = `refs/chargehand/kept/SHOP-1/${name}`;
  return { name, ref, commit: "c0ffee", branch: "b", files: 1, reason: "it changes CI files", remedy: null };
}

/** A task of a workflow whose first phase somebody has to approve, and CI; its run has left an artifact. */
async function asked(world: Scene, number: number): Promise<string> {
  const both = { kind: "all_of", approval: APPROVAL, ci: CI } as const;
  const workflow = {
    name: "both",
    description: "",
    phases: [phase("work", { gate: both }), phase("b")],
  } as const;
  const intent = { ...starting(workflow), key: `both ${number}`, refs: [], number: 900 + number } as Intent;
  const begun = await ask(world.store, [intent], null, NOW);
  const key = begun.kind === "done" ? (begun.tasks[0] ?? "") : begun.kind;
  for (;;) {
    const claimed = await world.start();
    const isIts = claimed.run.task === key;
    await world.finish(claimed, isIts ? { ...SUCCESS, artifact: artifact("good") } : SUCCESS);
    if (isIts) return key;
  }
}

const TRIED = { outcome: "arrived", id: "1", until: 1, reason: "r", remedy: "m" } as const;
const SHOWN = {
  ...{
    chat: "paper:team",
    status: "closed" as const,
    since: NOW,
    until: NOW + 1,
    reason: "the bot was kicked",
  },
  remedy: "let it in again",
} as const;

const WOULD_DO: WebhookTried = {
  ...{ result: "wishes", reason: null, isStored: true, heardBy: 3, isBehind: false },
  wishes: [
    {
      ...{ wish: wishOf({ name: "alice" }), trust: "trusted", because: "a member" },
      effect: { kind: "change", task: null, events: ["task.created"] },
    },
  ],
};

test("what is answered is what is published, field by field, good answers and problems", async (t) => {
  const links = createLinks({ clock: handClock(), chance: systemChance(() => NOW) });
  const chats = { links, accounts: () => new Map([["paper:team", "paper:9"]]), shown: async () => [SHOWN] };
  const trials = { names: () => ["log"], run: async () => TRIED };
  const rooms = { keptWorks: WILLING, recurring: [recurringTask()], chats, trials };
  const world = await scene(t, { claimConfig: LIMITED, ...rooms, tryWebhook: async () => WOULD_DO });
  const { get, post, store, request } = world;
  const document = readDocument((await answerOf(await request("/openapi.json", { headers: bearer() }))).body);
  const key = await world.newTask({ external_ref: { kind: "ticket", id: "T-1" }, body: "By height." });
  await world.newTask();
  const failing = await world.start();
  await reportOne(store.runs, failing.run.id, progress(usage("opus", 2_500_000, "priced")));
  await world.finish(failing, { ...FAILURE, kept: [work("ci"), work("stash")] });
  const working = await world.start();
  const gated = [await asked(world, 1), await asked(world, 2), await asked(world, 3)];
  await reportOne(
    store.runs,
    working.run.id,
    progress(usage("a", null, "unpriced"), usage("b", 1_000_000_000, "agent")),
  );
  const told = { status: "answered", requestId: null, latencyMs: null, at: null } as const;
  const turns = [{ number: 1, usage: usage("a", null, "unpriced"), ...told }];
  const report = { ...progress(usage("a", null, "unpriced")), turns: { turns, areAll: false } };
  await reportOne(store.runs, working.run.id, report);
  await store.deliveries.record(
    [{ source: "github", deliveryId: "d-1", headerId: null, event: "issues", body: "{}" }],
    1,
  );
  await store.deliveries.finish(1, "ignored", "nothing was asked", null, 1);
  const asking = await world.newTask({ priority: 9 });
  const found = { branch: null, commit: null, summary: null, session: null };
  await world.finish(await world.start(), { status: "succeeded", ...found, asks: questionAsked() });
  const { id } = failing.run;
  const checked = new Set<string>();
  const asks = {
    get: (path: string) => get(path),
    post: (path: string, body?: unknown) => post(path, body),
    patch: (path: string, body?: unknown) => world.patch(path, body),
    delete: (path: string) => world.remove(path),
  };
  const look = async (
    method: keyof typeof asks,
    at: string,
    published: string,
    body?: unknown,
  ): Promise<void> => {
    const answer = await asks[method](at, body);
    const route = `${method.toUpperCase()} /api/v1${published}`;
    document.check(route, answer.status, answer.type, answer.body);
    checked.add(`${route} ${answer.status}`);
  };
  for (const [index, verb] of ["approve", "reject", "abort"].entries()) {
    const asked = await waitingTask(world, 20 + index);
    await look("get", `/tasks/${asked}`, "/tasks/{key}");
    for (const at of [asked, asked, "SHOP-99"]) {
      await look("get", `/tasks/${at}/artifacts`, "/tasks/{key}/artifacts");
      await look("get", `/tasks/${at}/snapshots`, "/tasks/{key}/snapshots");
      await look("post", `/tasks/${at}/${verb}`, `/tasks/{key}/${verb}`, { because: "I looked" });
      for (const text of ["use tabs", ""])
        await look("post", `/tasks/${at}/say`, "/tasks/{key}/say", { text });
    }
    await look("get", `/tasks/${asked}/explain`, "/tasks/{key}/explain");
    await look("get", `/tasks/${asked}/revisions`, "/tasks/{key}/revisions");
    await look("post", `/tasks/${asked}/cancel`, "/tasks/{key}/cancel", {});
  }
  for (const at of [asking, "SHOP-99"]) {
    await look("get", `/tasks/${at}/questions`, "/tasks/{key}/questions");
    for (const size of ["huge", "small", "large"])
      await look("post", `/tasks/${at}/answer`, "/tasks/{key}/answer", { answers: { size } });
    await look("get", `/tasks/${at}`, "/tasks/{key}");
    await look("get", `/tasks/${at}/artifacts`, "/tasks/{key}/artifacts");
    await look("post", `/tasks/${at}/say`, "/tasks/{key}/say", { text: "use tabs" });
  }
  await look("post", `/tasks/${asking}/cancel`, "/tasks/{key}/cancel", {});
  await closeEverything(store);
  await look("get", "/status", "/status");
  for (const method of ["get", "post", "get"] as const)
    await look(method, "/chats/paper:team/link", "/chats/{name}/link", method === "get" ? undefined : {});
  const code = String((await post("/chats/paper:team/link", {})).body["code"]);
  links.offer("paper:9", code, { chat: "-5", topic: null, person: { id: "1", name: "Ada" } });
  await look("get", "/chats/paper:team/link", "/chats/{name}/link");
  await look("get", "/budgets", "/budgets");
  for (const raise of [
    { project: "shop", day: true, usd: 5 },
    { project: "shop", runs: 5 },
    { project: "mill", usd: 5 },
    { usd: 5 },
  ])
    await look("post", "/budgets", "/budgets", raise);
  for (const subject of ["developer", "developer", "agent:developer", "nobody"])
    await look("post", `/cooldowns/${subject}/clear`, "/cooldowns/{account}/clear", {});
  const pause = { kind: "pause", reason: "restored", remedy: "chargehand resume shop", until: null } as const;
  await store.holds.put({ scope: "project", subject: "shop", ...pause }, 1);
  for (const project of ["shop", "shop", "nowhere"])
    await look("post", `/projects/${project}/resume`, "/projects/{name}/resume", {});
  for (const body of [{ by: "alice", because: "a deploy", stop: true }, { until: "2001-01-01T00:00:00Z" }])
    for (const project of ["shop", "nowhere"])
      await look("post", `/projects/${project}/pause`, "/projects/{name}/pause", body);
  for (const project of ["shop", "nowhere"])
    for (const body of [{ because: "a deploy" }, {}]) {
      await look("post", `/projects/${project}/freeze`, "/projects/{name}/freeze", body);
      await look("get", `/projects/${project}/freeze`, "/projects/{name}/freeze");
      await look("post", `/projects/${project}/unfreeze`, "/projects/{name}/unfreeze", body);
    }
  await look("post", "/projects/shop/unfreeze", "/projects/{name}/unfreeze", { because: "again" });
  for (const [at, body] of [
    [key, { on: [] }],
    [key, { on: [key] }],
    [key, { on: 5 }],
    ["SHOP-99", {}],
  ] as const)
    await look("post", `/tasks/${at}/depend`, "/tasks/{key}/depend", body);
  await look("post", "/pause", "/pause", { because: "a deploy" });
  await look("post", "/pause", "/pause", { until: "tomorrow" });
  for (let times = 0; times < 2; times++) await look("post", "/resume", "/resume", {});
  for (const list of ["/tasks", "/jobs", "/runs", "/deliveries", "/outbox", "/kept"]) {
    await look("get", `${list}?limit=1`, list);
    await look("get", `${list}?limit=0`, list);
  }
  for (const at of [key, "SHOP-99"]) {
    await look("get", `/tasks/${at}`, "/tasks/{key}");
    await look("get", `/tasks/${at}/events`, "/tasks/{key}/events");
    await look("get", `/tasks/${at}/explain`, "/tasks/{key}/explain");
    await look("get", `/budgets?task=${at}`, "/budgets");
    await look("post", "/budgets", "/budgets", { task: at, tokens: 1_000 });
    await look("post", `/tasks/${at}/retry`, "/tasks/{key}/retry");
    await look("post", `/tasks/${at}/pause`, "/tasks/{key}/pause", { by: "alice" });
    for (let times = 0; times < 2; times++)
      await look("post", `/tasks/${at}/resume`, "/tasks/{key}/resume", {});
    await look("post", `/tasks/${at}/cancel`, "/tasks/{key}/cancel", { reason: "no shelves" });
  }
  await look("post", `/tasks/${key}/cancel`, "/tasks/{key}/cancel", {});
  for (const at of [key, "SHOP-99"]) {
    await look("get", `/kept/${at}`, "/kept/{key}");
    for (const body of [{}, { name: "ci" }, { name: "no" }])
      for (const verb of ["publish", "drop"])
        await look("post", `/kept/${at}/${verb}`, `/kept/{key}/${verb}`, body);
  }
  for (const fields of [
    { title: "More" },
    { external_ref: { kind: "ticket", id: "T-1" }, title: "Again" },
    {},
  ])
    await look("post", "/tasks", "/tasks", { project: "shop", ...fields });
  for (const run of [id, working.run.id, "nope"]) {
    await look("get", `/runs/${run}`, "/runs/{id}");
    await look("get", `/runs/${run}/turns`, "/runs/{id}/turns");
    await look("post", `/runs/${run}/kill`, "/runs/{id}/kill");
  }
  for (const delivery of ["1", "99"]) {
    await look("get", `/deliveries/${delivery}`, "/deliveries/{id}");
    await look("post", `/deliveries/${delivery}/replay`, "/deliveries/{id}/replay");
  }
  for (const [index, at] of gated.entries()) {
    const path = `/tasks/${at}`;
    await look("post", `${path}/ci`, "/tasks/{key}/ci", { checks: [{ name: "test", status: "success" }] });
    await look("post", `${path}/say`, "/tasks/{key}/say", { text: "use tabs" });
    const verb = ["approve", "reject", "abort"][index] ?? "";
    for (let times = 0; times < 2; times++)
      await look("post", `${path}/${verb}`, `/tasks/{key}/${verb}`, { because: "so" });
    await look("get", `${path}/artifacts`, "/tasks/{key}/artifacts");
  }
  await look("get", "/recurring", "/recurring");
  await store.recurring.configure(countedSchedules([recurringTask()]), NOW);
  for (const name of ["nightly", "nightly", "weekly"]) {
    await look("post", `/recurring/${name}/run`, "/recurring/{name}/run", {});
    await look("get", `/recurring/${name}`, "/recurring/{name}");
  }
  for (const channel of ["log", "lag"]) await look("post", "/notify/test", "/notify/test", { channel });
  for (const source of ["github", "gitlub"])
    await look("post", "/webhooks/test", "/webhooks/test", { source, event: "issues", payload: {} });
  for (const call of ["1", "99"])
    for (const verb of ["retry", "drop", "drop"])
      await look("post", `/outbox/${call}/${verb}`, `/outbox/{id}/${verb}`, {});
  for (const fields of [{}, { name: "nights", start: "22:00", duration: "8h", timezone: "UTC" }])
    await look("post", "/schedules", "/schedules", fields);
  await look("get", "/schedules", "/schedules");
  for (const until of ["2027-03-08T00:00:00Z", "2027-03-01T00:00:00Z"])
    await look("get", `/windows?from=2027-03-01T00:00:00Z&until=${until}`, "/windows");
  for (const name of ["nights", "days"]) {
    await look("patch", `/schedules/${name}`, "/schedules/{name}", { concurrency: 2 });
    await look("get", `/schedules/${name}`, "/schedules/{name}");
    await look("get", `/schedules/${name}/next`, "/schedules/{name}/next");
    await look("post", `/schedules/${name}/override`, "/schedules/{name}/override", { verdict: "open" });
    await look("delete", `/schedules/${name}/override`, "/schedules/{name}/override");
    await look("delete", `/schedules/${name}`, "/schedules/{name}");
  }
  const good = [...checked].filter((line) => / 20\d$/.test(line)).map((line) => line.replace(/ \d+$/, ""));
  const unlooked = ROUTES.filter((route) => !good.includes(route));
  const texts = ["log", "prompt", "response"].map((text) => `GET /api/v1/runs/{id}/${text}`);
  assert.deepEqual(unlooked, texts, "every route but the texts of runs, which are no JSON");
  for (const status of [
    "POST /api/v1/runs/{id}/kill 409",
    "POST /api/v1/tasks/{key}/cancel 409",
    "POST /api/v1/budgets 409",
    "POST /api/v1/budgets 404",
    "POST /api/v1/budgets 400",
    "POST /api/v1/cooldowns/{account}/clear 409",
    "POST /api/v1/cooldowns/{account}/clear 404",
    "POST /api/v1/projects/{name}/resume 404",
    "POST /api/v1/projects/{name}/resume 409",
  ])
    assert.ok(checked.has(status), status);
});

const LIMITED: ClaimConfig = {
  ...plainClaimConfig([]),
  projects: [
    {
      name: "shop",
      concurrency: 10,
      budget: [
        { scope: "day", unit: "nanos", amount: 20_000_000_000 },
        { scope: "task", unit: "tokens", amount: 1_000_000 },
      ],
    },
  ],
};

/** A task whose first phase waits for an approval; its key. */
async function waitingTask({ store, start, finish }: Scene, number: number): Promise<string> {
  const workflow = { ...PIPELINE, phases: [phase("plan", { gate: APPROVAL }), phase("work")] } as const;
  const intent = { ...START, facts: { ...START.facts, workflow }, number, key: `k${number}`, refs: [] };
  assert.equal((await ask(store, [intent], null, NOW)).kind, "done");
  const found = { branch: "b", commit: "c0ffee", summary: "planned", session: null };
  await finish(await start(), { status: "succeeded", ...found, artifact: artifact("good") });
  return `SHOP-${number}`;
}

/** A hold of each kind and a refusal, so that their shapes are looked at, too. */
async function closeEverything(store: Store): Promise<void> {
  const hold = { kind: "broken", reason: "the credentials were refused", remedy: null, until: null } as const;
  await store.holds.put({ scope: "account", subject: "developer", ...hold }, 1);
  await store.holds.put({ scope: "agent", subject: "developer", ...hold }, 1);
  await store.lanes.refuse([{ project: "shop", agent: "developer", reason: "no room", remedy: null }], 1);
}
