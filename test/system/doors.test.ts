/** The small doors: time, chance, files, the mount table, and the bell. */

import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { systemChance } from "../../system/chance.ts";
import { type Clock, systemClock } from "../../system/clock.ts";
import { systemFiles } from "../../system/files.ts";
import { fileSystemAt, fileSystemOf } from "../../system/mounts.ts";
import { createWake } from "../../system/wake.ts";

const DAY = 86_400_000;
const clock = systemClock();
const files = systemFiles();

function scratch(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "chargehand-doors-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Lets everything run that waits for nothing more. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}

test("A sleep ends when its time is over, or at the abort, and leaves neither timer nor listener", async () => {
  const before = clock.monotonic();
  await clock.sleep(20);
  assert.ok(clock.monotonic() - before >= 19);
  await clock.sleep(600_000, AbortSignal.abort());
  const cut = new AbortController();
  const cutShort = clock.sleep(600_000, cut.signal);
  cut.abort();
  await cutShort;
  assert.ok(!process.getActiveResourcesInfo().includes("Timeout"), "a timer is left");
  assert.ok(Number.isInteger(clock.now()));
});

test("A sleep of fifty days is not over at once", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let awake = false;
  void clock.sleep(50 * DAY).then(() => {
    awake = true;
  });
  for (let day = 0; day < 50; day += 1) {
    await settle();
    assert.equal(awake, false, `it was over on day ${day}`);
    t.mock.timers.tick(DAY);
  }
  // A timer that is set from another's end begins, on this clock, at the end of the day.
  for (let day = 50; day < 53; day += 1) t.mock.timers.tick(DAY);
  await settle();
  assert.ok(awake);
});

test("Ids have 20 characters, sort by time of making, and never repeat; tokens have 256 bits", () => {
  let now = 1_750_000_000_000;
  const chance = systemChance(() => now);
  const ids = Array.from({ length: 2_000 }, () => {
    now += 1;
    return chance.id();
  });
  for (const id of ids) assert.match(id, /^[0-9abcdefghjkmnpqrstvwxyz]{20}$/);
  assert.deepEqual([...ids].sort(), ids);
  const atOnce = Array.from({ length: 2_000 }, () => chance.id());
  assert.equal(new Set(atOnce).size, atOnce.length);
  assert.equal(new Set(atOnce.map((id) => id.slice(0, 10))).size, 1);
  assert.equal(Buffer.from(chance.token(), "base64url").length, 32);
  assert.notEqual(chance.token(), chance.token());
  const fractions = Array.from({ length: 1_000 }, () => chance.fraction());
  assert.ok(fractions.every((fraction) => fraction >= 0 && fraction < 1));
  assert.ok(fractions.some((fraction) => fraction < 0.1) && fractions.some((fraction) => fraction > 0.9));
});

test("A file is replaced whole, and only its owner may read it", async (t) => {
  const home = scratch(t);
  await files.makeDirectory("test", `${home}/a/b`);
  assert.equal(statSync(`${home}/a`).mode & 0o777, 0o700);
  const path = `${home}/a/b/prompt.md`;
  await files.write("test", path, "first, and longer");
  await files.write("test", path, "second ü");
  assert.equal(await files.read("test", path, 100), "second ü");
  assert.equal(await files.read("test", path, 3), "sec");
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(`${home}/a/b`), ["prompt.md"]);
  await files.write("test", `${home}/open`, "x", 0o644);
  assert.equal(statSync(`${home}/open`).mode & 0o777, 0o644);
});

test("A log is read from an offset while it grows, and never beyond its end", async (t) => {
  const path = `${scratch(t)}/stdout.log`;
  const from = async (offset: number, most: number): Promise<string> =>
    Buffer.from(await files.readFrom("test", path, offset, most)).toString();
  assert.equal(await from(0, 10), "");
  writeFileSync(path, "0123456789");
  assert.deepEqual(
    [await from(0, 4), await from(4, 100), await from(10, 5), await from(99, 5)],
    ["0123", "456789", "", ""],
  );
  writeFileSync(path, "abc", { flag: "a" });
  assert.equal(await from(10, 5), "abc");
  assert.equal(await files.size("test", path), 13);
});

test("What is missing is an answer; what is broken is thrown with its path", async (t) => {
  const home = scratch(t);
  const path = `${home}/none`;
  assert.equal(await files.read("test", path, 10), null);
  assert.equal(await files.size("test", path), null);
  assert.deepEqual(await files.list("test", path), []);
  assert.equal(await files.exists("test", path), false);
  await files.remove("test", path);
  await files.write("test", path, "x");
  assert.deepEqual(await files.list("test", home), ["none"]);
  await assert.rejects(files.read("test", home, 10), /EISDIR/);
  await assert.rejects(files.write("test", `${home}/no/such/folder`, "x"), /ENOENT.*no\/such/);
  await files.makeDirectory("test", `${home}/tree/below`);
  await files.remove("test", `${home}/tree`);
  assert.equal(await files.exists("test", `${home}/tree`), false);
});

test("I13: removing a tree removes what it links to not at all", async (t) => {
  const home = scratch(t);
  for (const name of ["tree", "other"]) await files.makeDirectory("test", `${home}/${name}`);
  await files.write("test", `${home}/other/kept`, "x");
  symlinkSync(`${home}/other`, `${home}/tree/link`);
  chmodSync(`${home}/tree`, 0o500);
  t.after(() => files.remove("test", `${home}/tree`));
  chmodSync(`${home}/tree`, 0o700);
  await files.remove("test", `${home}/tree`);
  assert.deepEqual(readdirSync(`${home}/other`), ["kept"]);
});

const MOUNTS = `22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 27 0:40 / /mnt/data rw,relatime shared:2 master:1 - nfs4 server:/export rw,vers=4.2
31 30 8:17 / /mnt/data/local rw - xfs /dev/sdb1 rw
32 27 0:41 / /mnt/my\\040disk\\134 rw - cifs //host/share rw
33 27 0:42 / /srv rw - ext4 /dev/sdc rw
34 33 0:43 / /srv rw - tmpfs tmpfs rw`;

test("B8: of the mount points above a path the longest wins, not any that its name begins with", () => {
  const types = [
    "/",
    "/home/me/data",
    "/mnt/data",
    "/mnt/data/chargehand",
    "/mnt/database",
    "/mnt/data/local/x",
    "/mnt/data/localhost",
    "/mnt/my disk\\/x",
    "/srv/x",
  ].map((path) => fileSystemOf(path, MOUNTS));
  assert.deepEqual(types, ["ext4", "ext4", "nfs4", "nfs4", "ext4", "xfs", "nfs4", "cifs", "tmpfs"]);
  assert.equal(fileSystemOf("/x", "rubbish\n"), "unknown");
  assert.equal(fileSystemAt("/proc/self"), "proc", "through a symbolic link");
});

/** A clock whose sleeps are counted, and end by hand or by abort. */
function handClock(): { readonly clock: Clock; readonly naps: { ms: number; end: () => void }[] } {
  const naps: { ms: number; end: () => void }[] = [];
  const sleep: Clock["sleep"] = (ms, signal) =>
    new Promise((resolve) => {
      naps.push({ ms, end: resolve });
      signal?.addEventListener("abort", () => resolve());
    });
  return { clock: { ...clock, sleep }, naps };
}

test("Many rings before the sleeper looks are one, and none is lost", async () => {
  const { clock: hand, naps } = handClock();
  const wake = createWake(hand);
  const { signal } = new AbortController();
  for (let ring = 0; ring < 3; ring += 1) wake.ring();
  await wake.wait(1_000, signal);
  assert.deepEqual(naps, [], "a pending ring needs no sleep");

  const second = wake.wait(1_000, signal);
  let awake = false;
  void second.then(() => {
    awake = true;
  });
  await settle();
  assert.equal(awake, false, "the three rings were one");
  wake.ring();
  wake.ring();
  await second;
  const third = wake.wait(1_000, signal);
  await settle();
  assert.equal(naps.length, 2, "the last two rings were one");
  wake.ring();
  await third;
});

test("A ring that is lost costs the timeout and no more", async () => {
  const { clock: hand, naps } = handClock();
  const wake = createWake(hand);
  const waiting = wake.wait(5_000, new AbortController().signal);
  assert.equal(naps[0]?.ms, 5_000);
  naps[0]?.end();
  await waiting;
});

test("An abort ends the waiting, and a bell that nobody waits for any more collects no listeners", async () => {
  const { clock: hand, naps } = handClock();
  const wake = createWake(hand);
  const leaving = new AbortController();
  let listeners = 0;
  const { signal } = leaving;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (...args: Parameters<typeof add>): void => {
    listeners += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>): void => {
    listeners -= 1;
    remove(...args);
  };
  for (let nth = 0; nth < 20; nth += 1) {
    const waiting = wake.wait(1_000, signal);
    wake.ring();
    await waiting;
  }
  assert.equal(listeners, 0);
  const waiting = wake.wait(1_000, signal);
  leaving.abort();
  await waiting;
  await wake.wait(1_000, signal);
  assert.equal(naps.length, 21, "an aborted bell is not waited for");
});
