/** The whole daemon with its agents in real sandboxes: what they reach, who takes them over, how they are stopped. */

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { NO_SANDBOX } from "../agents/sandbox/walled.ts";
import { DaemonProcess } from "./daemon-process.ts";
import { marked, runsOf, untilDone } from "./scene.ts";

const skip = NO_SANDBOX;

/** An agent in a sandbox that shares one folder with the test. */
async function staged(
  script: (shared: string, stage: DaemonProcess) => string,
  work: (stage: DaemonProcess, shared: string) => Promise<void>,
): Promise<void> {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  const shared = join(stage.folder, "shared");
  mkdirSync(shared);
  const argv = JSON.stringify(["/bin/sh", "-c", script(shared, stage)]);
  const mounts = `[{ path: ${shared}, mode: rw }]`;
  stage.configure({
    argv: [],
    isolation: "sandbox",
    agent: `{ backend: command, argv: ${argv}, mounts: ${mounts}, max_attempts: 1 }`,
  });
  try {
    await stage.start();
    await work(stage, shared);
  } finally {
    writeFileSync(join(shared, "go"), "");
    await stage.close();
  }
}

function patient(shared: string): string {
  return `echo started >> ${shared}/starts; while [ ! -e ${shared}/go ]; do sleep 0.05; done; echo worked >> work.txt`;
}

test(
  "I14: an agent reaches neither the daemon's secrets, nor its database, nor a home, and its work is published",
  { skip },
  () =>
    staged(
      (shared, stage) =>
        [
          `for at in ${stage.dataDir}/admin-token ${stage.dataDir}/chargehand.db ${stage.config} /root/.bashrc /etc/shadow; do`,
          `cat $at > /dev/null 2>&1 && echo "read $at" >> ${shared}/seen; done`,
          `ls ${stage.dataDir} >> ${shared}/names; echo "$HOME" > ${shared}/home; echo x > "$HOME/kept"`,
          `cat /proc/[0-9]*/cmdline | tr '\\0' ' ' > ${shared}/processes; echo worked > work.txt`,
        ].join("\n"),
      async (stage, shared) => {
        const { body } = await stage.api<{ isolation: unknown }>("/api/v1/status");
        assert.deepEqual(body.isolation, { level: "sandbox", reason: null, remedy: null });
        await stage.label(12);
        await untilDone(stage, "SHOP-12");
        assert.equal(existsSync(join(shared, "seen")), false, "it has read what is hidden");
        assert.doesNotMatch(readFileSync(join(shared, "names"), "utf8"), /admin-token|chargehand\.db/);
        assert.doesNotMatch(readFileSync(join(shared, "processes"), "utf8"), /serve --config/);
        const home = readFileSync(join(shared, "home"), "utf8").trim();
        assert.equal(home, join(stage.dataDir, "homes", "command:scripted"));
        assert.equal(statSync(home).mode & 0o777, 0o700);
        assert.ok(existsSync(join(home, "kept")));
        assert.equal(stage.git(stage.remote, "show", "chargehand/SHOP-12-issue-12:work.txt"), "worked\n");
      },
    ),
);

for (const signal of ["SIGTERM", "SIGKILL"] as const)
  test(`I6: a sandboxed agent outlives its daemon's ${signal}, and the next one finishes it`, { skip }, () =>
    staged(patient, async (stage, shared) => {
      await stage.label(7);
      await stage.until("the agent runs", () => existsSync(join(shared, "starts")));
      const [before] = await runsOf(stage);
      await stage.end(signal);
      process.kill(before?.pid ?? 0, 0);
      await stage.start();
      writeFileSync(join(shared, "go"), "");
      await untilDone(stage, "SHOP-7");
      const [after, ...others] = await runsOf(stage);
      assert.deepEqual([after?.id, after?.pid, others], [before?.id, before?.pid, []]);
      assert.equal(readFileSync(join(shared, "starts"), "utf8"), "started\n");
    }),
  );

test("cancel reaches the agent gently, and nothing of it is left", { skip }, () =>
  staged(
    (shared) =>
      `trap 'echo stopped > ${shared}/stopped; exit 143' TERM; setsid env -i sleep 1000 & echo > ${shared}/starts; while :; do sleep 0.05; done`,
    async (stage, shared) => {
      await stage.label(10);
      await stage.until("the agent runs", () => existsSync(join(shared, "starts")));
      await stage.api("/api/v1/tasks/SHOP-10/cancel", "POST", { reason: "not needed" });
      await stage.until("the run is over", async () => (await runsOf(stage))[0]?.status === "killed");
      const [run] = await runsOf(stage);
      assert.ok(existsSync(join(shared, "stopped")), "it has heard of it");
      assert.deepEqual(marked(run?.id ?? ""), []);
      assert.throws(() => process.kill(run?.pid ?? 0, 0));
    },
  ),
);
