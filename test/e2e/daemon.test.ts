/** The whole daemon as a process: real database, real git, real agents, real signals. */

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DaemonProcess } from "./daemon-process.ts";

interface Run {
  readonly id: string;
  readonly task: string;
  readonly status: string;
  readonly pid: number | null;
  readonly exit_code: number | null;
  readonly failure_class: string | null;
  readonly reason: string | null;
}
interface Task {
  readonly key: string;
  readonly status: string;
  readonly branch: string | null;
  readonly commit: string | null;
  readonly reason: string | null;
}

/** An agent that waits for the file `go`, then adds a line to a file; each start is noted in `starts`. */
function patientAgent(stage: { folder: string }): string[] {
  const script = `echo started >> ${stage.folder}/starts; while [ -d ${stage.folder} ] && [ ! -e ${stage.folder}/go ]; do sleep 0.05; done; echo worked >> work.txt`;
  return ["/bin/sh", "-c", script];
}

async function task(stage: DaemonProcess, key: string): Promise<Task> {
  return (await stage.api<Task>(`/api/v1/tasks/${key}`)).body;
}

async function runs(stage: DaemonProcess): Promise<readonly Run[]> {
  return (await stage.api<{ runs: Run[] }>("/api/v1/runs")).body.runs;
}

async function staged(work: (stage: DaemonProcess) => Promise<void>): Promise<void> {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  stage.configure({ argv: patientAgent(stage) });
  try {
    await stage.start();
    await work(stage);
  } finally {
    writeFileSync(join(stage.folder, "go"), "");
    await stage.close();
  }
}

test("A6, D9: a signed webhook becomes one task, one job, one agent process, and a pushed branch", () =>
  staged(async (stage) => {
    writeFileSync(join(stage.folder, "go"), "");
    const first = await stage.label(12, "d-1");
    assert.deepEqual([first.status, first.body.status], [202, "accepted"]);
    const second = await stage.label(12, "d-1");
    assert.deepEqual([second.status, second.body.status], [200, "duplicate"]);
    await stage.until("the task is done", async () => (await task(stage, "SHOP-12")).status === "done");
    const done = await task(stage, "SHOP-12");
    assert.equal(done.branch, "chargehand/SHOP-12-issue-12");
    const log = stage.git(stage.remote, "log", "--format=%H %s", "-1", "chargehand/SHOP-12-issue-12").trim();
    assert.equal(log, `${done.commit} SHOP-12: Issue 12`);
    const [run, ...others] = await runs(stage);
    assert.equal(others.length, 0);
    assert.equal(run?.status, "succeeded");
    assert.ok((run?.pid ?? 0) > 1);
    const worktree = join(stage.dataDir, "worktrees", "SHOP-12");
    await stage.until("the worktree is put away", () => !existsSync(worktree));
  }));

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
  test(`A14, F2, I6: an agent outlives its daemon's ${signal} and is finished by the next one, with one start`, () =>
    staged(async (stage) => {
      await stage.label(7);
      await stage.until("the agent runs", () => existsSync(join(stage.folder, "starts")));
      await stage.until("it is on record", async () => (await runs(stage))[0]?.status === "running");
      const [before] = await runs(stage);
      await stage.end(signal);
      process.kill(before?.pid ?? 0, 0);
      await stage.start();
      const [adopted] = await runs(stage);
      assert.equal(adopted?.id, before?.id);
      assert.equal(adopted?.pid, before?.pid);
      writeFileSync(join(stage.folder, "go"), "");
      await stage.until("the task is done", async () => (await task(stage, "SHOP-7")).status === "done");
      assert.equal(readFileSync(join(stage.folder, "starts"), "utf8"), "started\n");
      assert.equal((await runs(stage)).length, 1);
    }));
}

test("A14: a run that ended while no daemon was there is concluded from exit.json", () =>
  staged(async (stage) => {
    await stage.label(8);
    await stage.until("it is on record", async () => (await runs(stage))[0]?.status === "running");
    const [before] = await runs(stage);
    await stage.end("SIGKILL");
    writeFileSync(join(stage.folder, "go"), "");
    await stage.until("the agent has ended", () =>
      existsSync(join(stage.dataDir, "runs", before?.id ?? "", "exit.json")),
    );
    await stage.start();
    await stage.until("the task is done", async () => (await task(stage, "SHOP-8")).status === "done");
    const [after] = await runs(stage);
    assert.equal(after?.id, before?.id);
    assert.equal(after?.exit_code, 0);
  }));

test("SIGTERM ends the daemon with 0 in under ten seconds and leaves the agent running", () =>
  staged(async (stage) => {
    await stage.label(9);
    await stage.until("it is on record", async () => (await runs(stage))[0]?.status === "running");
    const [run] = await runs(stage);
    const began = performance.now();
    assert.equal(await stage.end("SIGTERM"), 0);
    assert.ok(performance.now() - began < 10_000);
    process.kill(run?.pid ?? 0, 0);
    assert.equal(existsSync(join(stage.dataDir, "daemon.json")), false);
  }));

test("cancel stops the agent and everything it started, and a retry begins anew", () =>
  staged(async (stage) => {
    await stage.label(10);
    await stage.until("it is on record", async () => (await runs(stage))[0]?.status === "running");
    const [run] = await runs(stage);
    const answer = await stage.api<Task>("/api/v1/tasks/SHOP-10/cancel", "POST", { reason: "not needed" });
    assert.equal(answer.status, 200);
    await stage.until("the run is over", async () => (await runs(stage))[0]?.status === "killed");
    assert.throws(() => process.kill(run?.pid ?? 0, 0));
    assert.equal((await task(stage, "SHOP-10")).status, "cancelled");
    writeFileSync(join(stage.folder, "go"), "");
    assert.equal((await stage.api("/api/v1/tasks/SHOP-10/retry", "POST", {})).status, 200);
    await stage.until("the task is done", async () => (await task(stage, "SHOP-10")).status === "done");
    assert.equal((await stage.api("/api/v1/tasks/SHOP-10/retry", "POST", {})).status, 409);
  }));

test("a second daemon on the same data directory is refused and changes nothing", () =>
  staged(async (stage) => {
    const other = new DaemonProcess({ argv: ["/bin/true"] });
    try {
      const text = readFileSync(stage.config, "utf8");
      writeFileSync(other.config, text);
      const announced = readFileSync(join(stage.dataDir, "daemon.json"), "utf8");
      await assert.rejects(other.start(), /another daemon is running|waited in vain|ended with 1/);
      assert.equal(readFileSync(join(stage.dataDir, "daemon.json"), "utf8"), announced);
    } finally {
      await other.close();
    }
  }));

test("a clone that fails says why on the task, without credentials", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/true"], cloneUrl: "/nowhere/at/all.git" });
  try {
    await stage.start();
    await stage.label(3);
    await stage.until("the first try failed", async () => (await runs(stage))[0]?.status === "failed");
    const [run] = await runs(stage);
    assert.equal(run?.failure_class, "workspace");
    assert.match(
      run?.reason ?? "",
      /git fetch of branch main from \/nowhere\/at\/all\.git failed: .*does not (exist|appear)/,
    );
  } finally {
    await stage.close();
  }
});

test("plain failures retry up to max_attempts and the task says what happened", async () => {
  const stage = new DaemonProcess({ argv: ["/bin/sh", "-c", "echo broken >&2; exit 3"] });
  try {
    await stage.start();
    await stage.label(4);
    await stage.until("the task failed", async () => (await task(stage, "SHOP-4")).status === "failed");
    const all = await runs(stage);
    assert.equal(all.length, 2);
    assert.deepEqual(
      all.map((run) => [run.status, run.exit_code]),
      [
        ["failed", 3],
        ["failed", 3],
      ],
    );
    assert.match((await task(stage, "SHOP-4")).reason ?? "", /broken/);
  } finally {
    await stage.close();
  }
});

test("a run that takes longer than its timeout is stopped with all it started, and says so", async () => {
  const stage = new DaemonProcess({ argv: [] });
  const argv = JSON.stringify(["/bin/sh", "-c", "sleep 300 & echo $! > stray; setsid sleep 301 & wait"]);
  stage.configure({ argv: [], agent: `{ backend: command, argv: ${argv}, timeout: 1s, max_attempts: 1 }` });
  try {
    await stage.start();
    await stage.label(5);
    await stage.until("the task failed", async () => (await task(stage, "SHOP-5")).status === "failed");
    const [run] = await runs(stage);
    assert.deepEqual([run?.status, run?.failure_class], ["killed", "timeout"]);
    assert.match((await task(stage, "SHOP-5")).reason ?? "", /time limit/);
    const ours = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && isOurs(name, run?.id ?? ""));
    assert.deepEqual(ours, [], "nothing of it is left, in its group or out of it");
  } finally {
    await stage.close();
  }
});

function isOurs(pid: string, run: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").includes(`CHARGEHAND_RUN=${run}`);
  } catch {
    return false;
  }
}

test("A22, F8, C7: status counts, a delivery is replayed, and a second start finds everything as it was", () =>
  staged(async (stage) => {
    writeFileSync(join(stage.folder, "go"), "");
    const first = await stage.label(6);
    await stage.until("the task is done", async () => (await task(stage, "SHOP-6")).status === "done");
    const replay = await stage.api<{ id: number; replay_of: number }>(
      `/api/v1/deliveries/${first.body.delivery}/replay`,
      "POST",
    );
    assert.deepEqual([replay.status, replay.body.replay_of], [201, first.body.delivery]);
    const path = `/api/v1/deliveries/${replay.body.id}`;
    await stage.until("the replay is handled", async () => {
      return (await stage.api<{ status: string }>(path)).body.status === "ignored";
    });
    interface Status {
      readonly tasks: Record<string, number>;
      readonly runs: Record<string, number>;
      readonly deliveries: Record<string, number>;
    }
    const before = (await stage.api<Status>("/api/v1/status")).body;
    await stage.end("SIGTERM");
    await stage.start();
    const after = (await stage.api<Status>("/api/v1/status")).body;
    for (const counts of [before, after]) {
      assert.equal(counts.tasks["done"], 1);
      assert.equal(counts.runs["succeeded"], 1);
      assert.deepEqual([counts.deliveries["processed"], counts.deliveries["ignored"]], [1, 1]);
    }
  }));
