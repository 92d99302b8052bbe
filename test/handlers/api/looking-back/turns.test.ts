/** What a run did, over the API: its turns in pages, what it was told, what it said last, and its tools. */

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { claude } from "../../../../agents/claude/claude.ts";
import { readTranscript, writeTranscript } from "../../../../agents/transcript.ts";
import type { Turn } from "../../../../workflow/turn.ts";
import { recording } from "../../../agents/transcripts.ts";
import { reportOne } from "../../../report-one.ts";
import { NOW } from "../../hand-moved.ts";
import {
  answerOf,
  bearer,
  items,
  problemOf,
  progress,
  type Scene,
  SUCCESS,
  scene,
  usage,
} from "../served.ts";

const WORKED = recording("success").stdout;

async function worked(world: Scene): Promise<string> {
  const { run } = await world.start();
  const begun = readTranscript(claude, { model: null, resumed: false, baseline: [] }, null, 0).transcript;
  const lines = Buffer.from(WORKED).toString("utf8").split("\n").filter(Boolean);
  const transcript = writeTranscript(lines.reduce((sum, line) => claude.read(sum, line), begun));
  const turns = [1, 2, 3].map((number): Turn => {
    const told = {
      status: "answered",
      requestId: `req_${number}`,
      latencyMs: 250,
      at: NOW + number,
    } as const;
    return { number, usage: usage("opus", 5_000_000, "agent"), ...told };
  });
  const report = { ...progress(), transcript, turns: { turns, areAll: false } };
  await reportOne(world.store.runs, run.id, report);
  await world.print(run.id, "stdout", lines.map((line) => `${line}\n`).join(""));
  return run.id;
}

test("A16: turns come in pages, oldest first, and a run tells how many there are and which tools it called", async (t) => {
  const world = await scene(t);
  await world.newTask();
  const id = await worked(world);
  const first = await world.get(`/runs/${id}/turns?limit=2`);
  assert.deepEqual(
    items(first, "turns").map((turn) => turn["number"]),
    [1, 2],
  );
  assert.deepEqual(items(first, "turns")[0], {
    ...{ number: 1, model: "opus", input_tokens: 1_200, output_tokens: 950 },
    ...{ cache_read_tokens: 41_000, cache_creation_tokens: 300, reasoning_tokens: 20 },
    ...{ cost_usd: 0.005, cost_source: "agent", status: "answered", latency_ms: 250, request_id: "req_1" },
    at: new Date(NOW + 1).toISOString(),
  });
  const rest = await world.get(`/runs/${id}/turns?limit=2&cursor=${String(first.body["next_cursor"])}`);
  assert.deepEqual(
    items(rest, "turns").map((turn) => turn["number"]),
    [3],
  );
  assert.equal(rest.body["next_cursor"], null);
  const { body } = await world.get(`/runs/${id}`);
  assert.deepEqual([body["turns"], body["tools"]], [2, [{ name: "Bash", calls: 1 }]]);
  problemOf(await world.get("/runs/nobody/turns"), 404);
});

test("A16: a log is searched for the calls of a tool, and comes with its whole lines", async (t) => {
  const world = await scene(t);
  await world.newTask();
  const id = await worked(world);
  const logOf = async (query: string): Promise<Response> =>
    world.request(`/api/v1/runs/${id}/log?${query}`, { headers: bearer() });
  const found = (await (await logOf("tool=Bash")).text()).trimEnd().split("\n");
  assert.deepEqual(
    found.map((line) => claude.toolsIn(line)),
    [["Bash"]],
  );
  assert.equal(await (await logOf("tool=Read")).text(), "");
  for (const wrong of [
    "tool=Bash&follow=true",
    "tool=Bash&stream=stderr",
    "tool=",
    `tool=${"x".repeat(101)}`,
  ])
    problemOf(await answerOf(await logOf(wrong)), 400);
});

test("I12: a prompt is shown with the file it names, without secrets, until it is pruned", async (t) => {
  const world = await scene(t);
  await world.newTask();
  const claim = await world.start();
  const { id } = claim.run;
  const text = async (what: string): Promise<string> =>
    (await world.request(`/api/v1/runs/${id}/${what}`, { headers: bearer() })).text();
  assert.match(
    String(problemOf(await world.get(`/runs/${id}/prompt`), 404)["detail"]),
    /was told nothing yet/,
  );
  problemOf(await world.get(`/runs/${id}/response`), 404);
  const folder = dirname(world.logOf(id, "stdout"));
  await mkdir(join(folder, "asked"), { recursive: true });
  await writeFile(join(folder, "prompt.md"), "# Task\nuse s3cret-token\n");
  assert.equal(await text("prompt"), "# Task\nuse s3cret-token\n");
  world.log.redactor.learn(["s3cret-token"]);
  await writeFile(join(folder, "asked", "task.md"), "Sort the shelves.\n");
  assert.equal(await text("prompt"), "# Task\nuse [secret]\n\nSort the shelves.\n");
  await world.finish(claim, { ...SUCCESS, summary: "done with s3cret-token" });
  assert.equal(await text("response"), "done with [secret]\n");
});

test("A16: a run that ended without a last word says so", async (t) => {
  const world = await scene(t);
  await world.newTask();
  const claim = await world.start();
  await world.finish(claim, { ...SUCCESS, summary: null });
  const told = problemOf(await world.get(`/runs/${claim.run.id}/response`), 404);
  assert.match(String(told["detail"]), /without a last word/);
  assert.equal(problemOf(await world.get(`/runs/${claim.run.id}/prompt`), 404)["state"], "pruned");
});
