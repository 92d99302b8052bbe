/** The daemon as the first process of a container: whoever is orphaned there is reaped, and a stop stops it. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { NO_SANDBOX } from "../agents/sandbox/walled.ts";
import { DaemonProcess } from "../e2e/daemon-process.ts";
import { untilDone } from "../e2e/scene.ts";
import { processes, type Seen } from "../torture/processes.ts";

const COMMAND = new URL("../../bin/chargehand.js", import.meta.url).pathname;
const CONTAINER = ["--dev-bind", "/", "/", "--proc", "/proc", "--unshare-pid", "--as-pid-1", "--"];

interface Container {
  /** Of the container, as this machine calls its processes. */
  readonly first: () => Seen;
  readonly ended: Promise<unknown[]>;
}

/** Runs `serve` as process 1 of a namespace. */
function container(t: TestContext, config: string): Container {
  const bwrap = spawn("bwrap", [...CONTAINER, process.execPath, COMMAND, "serve", "--config", config], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  bwrap.stderr.resume();
  const first = (): Seen =>
    processes().find(({ parent }) => parent === bwrap.pid) ?? assert.fail("there is no process 1");
  t.after(() => bwrap.kill("SIGKILL"));
  return { first, ended: once(bwrap, "exit") };
}

test("orphans of agents leave no zombies where the daemon is process 1, and SIGTERM ends it with 0", {
  skip: NO_SANDBOX,
}, async (t) => {
  const stage = new DaemonProcess({ argv: [] });
  t.after(() => stage.close());
  const over = join(stage.folder, "over");
  // The orphan has dropped its mark: nobody but process 1 has anything to do with its end.
  const orphan = `setsid env -i /bin/sh -c 'sleep 0.3; echo > ${over}'`;
  stage.configure({ argv: ["/bin/sh", "-c", `cd /; (${orphan} &); cd - >/dev/null; echo x > work.txt`] });
  const { first, ended } = container(t, stage.config);
  await stage.until("the daemon listens", () => existsSync(join(stage.dataDir, "daemon.json")));
  await stage.label(1);
  await untilDone(stage, "SHOP-1");
  await stage.until("the orphan has ended", () => existsSync(over));
  const { pid } = first();
  await stage.until("it is reaped", () =>
    processes().every(({ parent, state, name }) => parent !== pid || state !== "Z" || name === "node"),
  );
  const children = processes().filter(({ parent }) => parent === pid);
  assert.equal(children.length, 1, `beside the daemon: ${children.map(({ name }) => name).join(", ")}`);
  process.kill(pid, "SIGTERM");
  assert.deepEqual(await ended, [0, null]);
});

test("the exit code of a daemon that refuses to start is the container's", {
  skip: NO_SANDBOX,
}, async (t) => {
  const stage = new DaemonProcess({ argv: ["/bin/true"] });
  t.after(() => stage.close());
  writeFileSync(stage.config, "data_dir: [\n");
  assert.deepEqual(await container(t, stage.config).ended, [2, null]);
});
