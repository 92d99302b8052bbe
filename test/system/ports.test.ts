/** The small doors: time, chance, files, mounts, log, lock, bells. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { systemChance } from "../../system/chance.ts";
import { systemClock } from "../../system/clock.ts";
import { systemFiles } from "../../system/files.ts";
import { acquireLock } from "../../system/lock.ts";
import { fileSystemOf, readMounts } from "../../system/mounts.ts";
import { parseStat } from "../../system/proc.ts";
import { createWake } from "../../system/wake.ts";

function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-ports-"));
  return work(folder).finally(() => rmSync(folder, { recursive: true, force: true }));
}

test("ids are short, different, and sorted by the time of their making", () => {
  let now = 1_700_000_000_000;
  const chance = systemChance(() => now++);
  const ids = Array.from({ length: 1_000 }, () => chance.id());
  assert.deepEqual(
    ids.toSorted((a, b) => (a < b ? -1 : 1)),
    ids,
  );
  assert.equal(new Set(ids).size, ids.length);
  assert.match(ids[0] ?? "", /^[0-9a-hjkmnp-tv-z]{20}$/);
  assert.ok(chance.fraction() >= 0 && chance.fraction() < 1);
  assert.ok(chance.token().length >= 43);
});

test("sleep ends at once when its signal aborts, before or after", async () => {
  const clock = systemClock();
  const began = clock.monotonic();
  await clock.sleep(60_000, AbortSignal.abort());
  const nap = new AbortController();
  const asleep = clock.sleep(60_000, nap.signal);
  nap.abort();
  await asleep;
  assert.ok(clock.monotonic() - began < 30_000);
});

test("a bell coalesces: many rings before a look are one, and none is lost", async () => {
  const clock = systemClock();
  const wake = createWake(clock);
  const signal = new AbortController().signal;
  wake.ring();
  wake.ring();
  await wake.wait(60_000, signal);
  let rung = false;
  const second = wake.wait(60_000, signal).then(() => {
    rung = true;
  });
  await clock.sleep(5);
  assert.equal(rung, false, "two rings were one");
  wake.ring();
  await second;
  await wake.wait(1, signal);
  await wake.wait(60_000, AbortSignal.abort());
});

test("files are written whole or not at all, readable by their owner alone", () =>
  inFolder(async (folder) => {
    const files = systemFiles();
    const path = join(folder, "deep", "er", "file");
    await files.makeDirectory("test", join(folder, "deep", "er"));
    await files.write("test", path, "héllo");
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(await files.read("test", path, 100), "héllo");
    assert.equal(Buffer.from(await files.readFrom("test", path, 3, 2)).toString(), "ll");
    assert.equal(await files.size("test", path), 6);
    assert.deepEqual(await files.list("test", join(folder, "deep")), ["er"]);
    await files.remove("test", join(folder, "deep"));
    assert.equal(await files.exists("test", path), false);
    assert.equal(await files.read("test", path, 10), null);
    assert.equal((await files.readFrom("test", path, 0, 10)).length, 0);
    assert.equal(await files.size("test", path), null);
    assert.deepEqual(await files.list("test", path), []);
  }));

test("B8: the file system of a path is that of its longest mount point", () => {
  const table = [
    "22 1 8:1 / / rw - ext4 /dev/sda1 rw",
    "30 22 0:40 / /mnt rw shared:1 - tmpfs tmpfs rw",
    "31 30 0:41 / /mnt/share\\040one rw - nfs4 server:/x rw",
    "32 22 0:42 / /mntother rw - cifs //s/x rw",
  ].join("\n");
  assert.equal(fileSystemOf("/mnt/share one/db", table), "nfs4");
  assert.equal(fileSystemOf("/mnt/share", table), "tmpfs", "a prefix of letters is no mount point");
  assert.equal(fileSystemOf("/mntother", table), "cifs");
  assert.equal(fileSystemOf("/var/lib", table), "ext4");
  assert.notEqual(fileSystemOf("/proc/self", readMounts()), "unknown");
});

test("a command name with blanks and parentheses does not confuse the reading of /proc", () => {
  const stat = parseStat("4242 (evil) (na me) S 1 4240 4240 0 -1 0 0 0 0 0 1 2 3 4 20 0 1 0 987654 0 0");
  assert.deepEqual(stat, { pid: 4242, parent: 1, group: 4240, startTicks: 987654, running: true });
});

test("one daemon per data directory: the second is refused while the first lives, and only so long", () =>
  inFolder(async (folder) => {
    const path = join(folder, "daemon.lock");
    const script = `import { acquireLock } from ${JSON.stringify(new URL("../../system/lock.ts", import.meta.url).href)};
      process.stdout.write(acquireLock(${JSON.stringify(path)}).kind);`;
    const other = (): string =>
      spawnSync(process.execPath, ["--input-type=module-typescript", "-e", script], { encoding: "utf8" })
        .stdout;
    const lock = acquireLock(path);
    assert.equal(lock.kind, "held");
    assert.equal(other(), "taken");
    if (lock.kind === "held") lock.release();
    assert.equal(other(), "held");
  }));

test("I12: no configured secret is written to the log, in whatever field it stands", () =>
  inFolder(async (folder) => {
    const out = join(folder, "log");
    const script = `import { createLog } from ${JSON.stringify(new URL("../../system/log.ts", import.meta.url).href)};
      const log = createLog({ pretty: process.argv[1] === "pretty", level: "info", redact: ["s3cr3t\\"quoted", "tiny"] });
      log.info({ event: "test.secret", deep: { list: ["a s3cr3t\\"quoted b"] }, word: "tiny" });
      log.debug({ event: "test.hidden" });`;
    for (const mode of ["plain", "pretty"]) {
      const result = spawnSync(process.execPath, ["--input-type=module-typescript", "-e", script, mode], {
        encoding: "utf8",
      });
      writeFileSync(out, result.stderr);
      const text = readFileSync(out, "utf8");
      assert.match(text, /test\.secret/, mode);
      assert.match(text, /\[secret\]/, mode);
      assert.doesNotMatch(text, /s3cr3t/, mode);
      assert.match(text, /tiny/, "a word is no secret");
      assert.doesNotMatch(text, /test\.hidden/);
    }
  }));
