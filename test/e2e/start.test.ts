/** Starts that go wrong: one sentence for the operator, and nothing else that is the matter with a data directory. */

import assert from "node:assert/strict";
import { execFileSync, type SpawnSyncReturns, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { DaemonProcess } from "./daemon-process.ts";
import { linesOf, signal } from "./scene.ts";

const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;
const MIB = 1_048_576;
const [MOUNT, UMOUNT, DD] = ["mount", "umount", "dd"] as const;

function newStage(t: TestContext): DaemonProcess {
  const stage = new DaemonProcess({ argv: ["/bin/true"], publish: "none" });
  t.after(() => stage.close());
  return stage;
}

/** A command that is expected to end by itself, and soon. */
function run(stage: DaemonProcess, command: string): SpawnSyncReturns<string> {
  const options = {
    encoding: "utf8",
    timeout: 60_000,
    env: { ...process.env, CHARGEHAND_CONFIG: "" },
  } as const;
  return spawnSync(process.execPath, [MAIN, command, "--config", stage.config], options);
}

function placeDataAt(stage: DaemonProcess, dataDir: string): void {
  const text = readFileSync(stage.config, "utf8");
  writeFileSync(stage.config, text.replace(/^data_dir: .*$/m, `data_dir: ${dataDir}`));
}

const MISTAKES: readonly {
  readonly what: string;
  readonly prepare: (stage: DaemonProcess) => void;
  readonly says: RegExp;
  readonly commands: readonly ("serve" | "migrate")[];
}[] = [
  {
    what: "a data_dir that is a file",
    prepare: ({ dataDir }) => writeFileSync(dataDir, ""),
    says: /\/data cannot be used: EEXIST.*; correct data_dir/,
    commands: ["serve", "migrate"],
  },
  {
    what: "a data_dir below a file",
    prepare: (stage) => placeDataAt(stage, `${stage.config}/data`),
    says: /\/data cannot be used: E(NOTDIR|EXIST).*; correct data_dir/,
    commands: ["serve", "migrate"],
  },
  {
    what: "a data_dir below /proc",
    prepare: (stage) => placeDataAt(stage, "/proc/chargehand/data"),
    says: /^.*\/proc\/chargehand\/data cannot be used: E(NOENT|ACCES).*; correct data_dir/,
    commands: ["serve", "migrate"],
  },
  {
    what: "a daemon.lock that is no lock",
    prepare: ({ dataDir }) => writeFileSync(join(dataDir, "daemon.lock"), "not a lock at all\n".repeat(200)),
    says: /daemon\.lock cannot be used: file is not a database.*may be removed/,
    commands: ["serve", "migrate"],
  },
  {
    what: "a daemon.lock that is a directory",
    prepare: ({ dataDir }) => void mkdirSync(join(dataDir, "daemon.lock")),
    says: /daemon\.lock cannot be used: unable to open.*may be removed/,
    commands: ["serve", "migrate"],
  },
  {
    what: "an admin-token that is a directory",
    prepare: ({ dataDir }) => void mkdirSync(join(dataDir, "admin-token")),
    says: /admin-token cannot be used: E.*; it must be a file/,
    commands: ["serve"],
  },
  {
    what: "a daemon.json that is a directory",
    prepare: ({ dataDir }) => void mkdirSync(join(dataDir, "daemon.json")),
    says: /daemon\.json cannot be used: E.*; it must be a file/,
    commands: ["serve"],
  },
];

for (const { what, prepare, says, commands } of MISTAKES) {
  for (const command of commands) {
    test(`${command} refuses ${what} with one sentence and exit code 1`, (t) => {
      const stage = newStage(t);
      if (what.includes("daemon.") || what.includes("admin")) mkdirSync(stage.dataDir);
      prepare(stage);
      const { status, stdout, stderr } = run(stage, command);
      assert.equal(status, 1, stderr);
      assert.equal(stdout, "");
      const lines = stderr.trimEnd().split("\n");
      assert.equal(lines.length, 1, stderr);
      assert.match(lines[0] ?? "", says);
    });
  }
}

test("what the daemon keeps is readable by its user alone, also in a directory that others may read", async (t) => {
  const stage = newStage(t);
  mkdirSync(stage.dataDir);
  chmodSync(stage.dataDir, 0o755);
  // As an earlier version made it.
  writeFileSync(join(stage.dataDir, "chargehand.db"), "", { mode: 0o644 });
  await stage.start();
  for (const name of [
    "chargehand.db",
    "chargehand.db-wal",
    "chargehand.db-shm",
    "daemon.lock",
    "admin-token",
  ])
    assert.equal(statSync(join(stage.dataDir, name)).mode & 0o777, 0o600, name);
  await stage.end("SIGTERM");
});

test("a data directory that the daemon makes is its user's alone", (t) => {
  const stage = newStage(t);
  placeDataAt(stage, `${stage.folder}/new/data`);
  assert.equal(run(stage, "migrate").status, 0);
  for (const name of ["new", "new/data"])
    assert.equal(statSync(join(stage.folder, name)).mode & 0o777, 0o700, name);
  assert.equal(statSync(join(stage.folder, "new/data/chargehand.db")).mode & 0o777, 0o600);
});

/** Mounts a small disk as the data directory; false where we may not. */
function mountData(stage: DaemonProcess, t: TestContext): boolean {
  mkdirSync(stage.dataDir);
  const mounted = spawnSync(MOUNT, ["-t", "tmpfs", "-o", "size=32m,mode=0700", "none", stage.dataDir]);
  if (mounted.status !== 0) return false;
  t.after(async () => {
    await stage.end("SIGKILL");
    execFileSync(UMOUNT, ["--lazy", stage.dataDir]);
  });
  return true;
}

/** Writes until nothing more fits. */
function fill(stage: DaemonProcess): void {
  const filler = ["if=/dev/zero", `of=${stage.dataDir}/filler`, "bs=4096", "status=none"];
  assert.notEqual(spawnSync(DD, filler).status, 0);
}

test("with a full disk the daemon gives up its ballast, starts, and accepts deliveries", async (t) => {
  const stage = new DaemonProcess({ argv: ["/bin/true"], publish: "none" });
  const canFill = mountData(stage, t);
  t.after(() => stage.close());
  if (!canFill) return t.skip("only root may mount a disk that is small enough to fill");
  await stage.start();
  assert.equal(statSync(join(stage.dataDir, "ballast")).size, 16 * MIB);
  signal(stage, "SIGTERM");
  await stage.end("SIGTERM");
  fill(stage);
  await stage.start();
  assert.equal(existsSync(join(stage.dataDir, "ballast")), false);
  assert.equal(linesOf(stage, "disk.full").length, 1);
  assert.equal((await stage.label(1)).status, 202);
});

test("with a full disk and no ballast the daemon says what to do and ends with exit code 1", async (t) => {
  const stage = new DaemonProcess({ argv: ["/bin/true"], publish: "none" });
  const canFill = mountData(stage, t);
  t.after(() => stage.close());
  if (!canFill) return t.skip("only root may mount a disk that is small enough to fill");
  assert.equal(run(stage, "migrate").status, 0);
  fill(stage);
  const { status, stderr } = run(stage, "serve");
  assert.equal(status, 1, stderr);
  const lines = stderr.trimEnd().split("\n");
  assert.equal(lines.length, 1, stderr);
  assert.match(lines[0] ?? "", /free space on the disk of the data directory/);
});
