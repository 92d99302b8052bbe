/** The log of a run over the API: from an offset, whole, and followed. */

import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { test } from "node:test";
import { READ_BYTES_MAX } from "../../../workflow/limits.ts";
import { answerOf, bearer, problemOf, type Scene, SUCCESS, scene } from "./served.ts";

async function logOf(world: Scene, run: string, query = ""): Promise<{ text: string; response: Response }> {
  const response = await world.request(`/api/v1/runs/${run}/log${query}`, { headers: bearer() });
  assert.equal(response.status, 200);
  return { text: await response.text(), response };
}

test("a log is plain text from a byte offset, and says where the next question goes on", async (t) => {
  const world = await scene(t);
  await world.newTask();
  const { run } = await world.start();
  const empty = await logOf(world, run.id);
  assert.deepEqual(
    [empty.text, empty.response.headers.get("x-next-offset")],
    ["", "0"],
    "nothing printed yet",
  );
  await world.print(run.id, "stdout", "héllo\n");
  await world.print(run.id, "stderr", "oops\n");
  const whole = await logOf(world, run.id);
  assert.equal(whole.text, "héllo\n");
  assert.match(whole.response.headers.get("content-type") ?? "", /^text\/plain\b/);
  assert.equal(whole.response.headers.get("x-content-type-options"), "nosniff");
  assert.equal(whole.response.headers.get("x-next-offset"), "7");
  await world.print(run.id, "stdout", "more\n");
  const rest = await logOf(world, run.id, "?offset=7");
  assert.deepEqual([rest.text, rest.response.headers.get("x-next-offset")], ["more\n", "12"]);
  const beyond = await logOf(world, run.id, "?offset=100");
  assert.deepEqual([beyond.text, beyond.response.headers.get("x-next-offset")], ["", "100"]);
  assert.equal((await logOf(world, run.id, "?stream=stderr")).text, "oops\n");
});

test("a log of several pieces is whole, and ends where it ended when it was asked for", async (t) => {
  const world = await scene(t);
  await world.newTask();
  const { run } = await world.start();
  const line = `${"x".repeat(1_023)}\n`;
  const text = line.repeat((READ_BYTES_MAX * 2.5) / 1_024);
  await world.print(run.id, "stdout", text);
  const response = await world.request(`/api/v1/runs/${run.id}/log?offset=1024`, { headers: bearer() });
  await world.print(run.id, "stdout", "written later\n");
  const read = await response.text();
  assert.equal(read.length, text.length - 1_024);
  assert.equal(response.headers.get("x-next-offset"), String(text.length));
});

test("I14: what lies in the place of a log and is none is not shown", async (t) => {
  const world = await scene(t);
  await world.newTask();
  const { run } = await world.start();
  await world.print(run.id, "stderr", "the daemon's own token");
  symlinkSync("stderr.log", world.logOf(run.id, "stdout"));
  const { text, response } = await logOf(world, run.id);
  assert.deepEqual([text, response.headers.get("x-next-offset")], ["", "0"]);
});

test("the log of a set-up is asked for by its name, and a run that had none says so", async (t) => {
  const world = await scene(t);
  await world.newTask();
  const claim = await world.start();
  await world.print(claim.run.id, "setup", "$ npm ci\n");
  assert.equal((await logOf(world, claim.run.id, "?stream=setup")).text, "$ npm ci\n");
  await world.newTask();
  const without = await world.start();
  await world.print(without.run.id, "stdout", "done\n");
  await world.finish(without, SUCCESS);
  const path = `/api/v1/runs/${without.run.id}/log?stream=setup`;
  const problem = problemOf(await answerOf(await world.request(path, { headers: bearer() })), 404);
  assert.match(JSON.stringify(problem), /had no set-up/);
});

test("a log is asked for with an offset, a stream and a wish that can be meant", async (t) => {
  const world = await scene(t);
  await world.newTask();
  const { run } = await world.start();
  for (const query of ["offset=-1", "offset=x", "offset=0.5", "follow=1", "stream=..%2Fmeta"]) {
    const path = `/api/v1/runs/${run.id}/log?${query}`;
    problemOf(await answerOf(await world.request(path, { headers: bearer() })), 400);
  }
});

/** A followed log, piece by piece. */
async function followed(
  world: Scene,
  run: string,
): Promise<{ next(): Promise<string | null>; leave(): Promise<void> }> {
  const response = await world.request(`/api/v1/runs/${run}/log?follow=true`, { headers: bearer() });
  assert.equal(response.headers.get("x-next-offset"), null);
  const reader = response.body?.getReader();
  assert.ok(reader);
  return {
    next: async () => {
      const { done, value } = await reader.read();
      return done ? null : Buffer.from(value).toString("utf8");
    },
    leave: () => reader.cancel(),
  };
}

test("a followed log goes on while the agent works, and ends after its last word", async (t) => {
  const world = await scene(t);
  await world.newTask();
  const claim = await world.start();
  await world.print(claim.run.id, "stdout", "one\n");
  const log = await followed(world, claim.run.id);
  assert.equal(await log.next(), "one\n");
  const second = log.next();
  await world.print(claim.run.id, "stdout", "two\n");
  assert.equal(await second, "two\n");
  await world.print(claim.run.id, "stdout", "last\n");
  await world.finish(claim, SUCCESS);
  assert.equal(await log.next(), "last\n");
  assert.equal(await log.next(), null);
});

test("a log that is followed before the agent has printed anything waits for it", async (t) => {
  const world = await scene(t);
  await world.newTask();
  const { run } = await world.claim();
  const log = await followed(world, run.id);
  const first = log.next();
  await world.print(run.id, "stdout", "hello\n");
  assert.equal(await first, "hello\n");
  await log.leave();
});

test("a followed log ends when the daemon stops, although the run goes on", async (t) => {
  const world = await scene(t);
  await world.newTask();
  const { run } = await world.start();
  const log = await followed(world, run.id);
  const first = log.next();
  world.end.abort();
  assert.equal(await first, null);
  assert.equal((await world.store.runs.get(run.id))?.status, "running");
});

test("when the reader of a followed log leaves, the daemon looks no further", async (t) => {
  let looks = 0;
  const world = await scene(t, {
    wrap: (store) => ({
      ...store,
      runs: {
        ...store.runs,
        get: (id) => {
          looks += 1;
          return store.runs.get(id);
        },
      },
    }),
  });
  await world.newTask();
  const { run } = await world.start();
  const log = await followed(world, run.id);
  const aWhile = async (): Promise<void> => {
    // As slow as its own looks at the file, however busy the machine is.
    for (let turn = 0; turn < 5; turn++) await world.print(run.id, "stderr", "");
  };
  while (looks <= 3) await aWhile();
  await log.leave();
  const then = looks;
  await aWhile();
  assert.equal(looks, then);
});

test("the log of a run whose folder is pruned is 404 with the key that says how long it is kept", async (t) => {
  const world = await scene(t);
  await world.newTask();
  const started = await world.start();
  const { id } = started.run;
  const ask = async (): Promise<Awaited<ReturnType<typeof answerOf>>> =>
    answerOf(await world.request(`/api/v1/runs/${id}/log`, { headers: bearer() }));
  await world.finish(started, SUCCESS);
  const answer = await ask();
  problemOf(answer, 404);
  assert.match(
    String(answer.body["detail"]),
    /^the log of run \w+, which ended .*Z, is pruned: .*retention\.runs/,
  );
  assert.equal(answer.body["state"], "pruned");
});
