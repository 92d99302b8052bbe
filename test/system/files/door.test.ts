/** The door for files that an agent can write, tried with everything that an agent can lay there. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import test, { type TestContext } from "node:test";
import {
  type Door,
  type Received,
  readNow,
  silenceOf,
  systemDoor,
  textOf,
} from "../../../system/files/door.ts";
import { placeIn } from "../../../system/files/strange-place.ts";
import { OWN, SECRET, TRAPS } from "./traps.ts";

const door: Door = systemDoor();
/** A folder of the agent's below a root of ours, with something beside it that is none of its business. */
function ground(t: TestContext): { readonly root: string; readonly out: string } {
  const root = mkdtempSync(`${tmpdir()}/chargehand-door-`);
  t.after(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  mkdirSync(`${root}/run/out`, { recursive: true });
  writeFileSync(`${root}/${OWN}`, SECRET);
  return { root, out: `${root}/run/out` };
}

function reasonOf(received: { readonly kind: string; readonly reason?: string }): string {
  assert.equal(received.kind, "refused", JSON.stringify(received));
  return received.reason ?? "";
}

for (const [what, { lay, says }] of Object.entries(TRAPS)) {
  test(`I14: ${what} is not read, and is told in one sentence`, async (t) => {
    const { root, out } = ground(t);
    lay(`${out}/result.json`, root);
    const place = { root, below: "run/out/result.json" };
    for (const received of [
      await door.read("test", place, 0, 1_000),
      await door.readEnd("test", place, 1_000),
      await door.look("test", place),
      readNow(place, 1_000),
    ]) {
      const reason = reasonOf(received);
      assert.match(reason, says);
      assert.match(reason, /^run\/out\/result\.json /);
      assert.ok(!JSON.stringify(received).includes(SECRET));
    }
    assert.equal(silenceOf(place), null);
  });
}

test("I14: a socket is not connected to, and a device is not opened", async (t) => {
  const { root, out } = ground(t);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${out}/socket`, resolve));
  t.after(() => server.close());
  assert.match(reasonOf(await door.read("test", { root, below: "run/out/socket" }, 0, 10)), /is a socket/);
  assert.match(reasonOf(await door.read("test", { root: "/dev", below: "zero" }, 0, 10)), /is a device/);
  assert.match(reasonOf(await door.read("test", { root: "/dev", below: "null" }, 0, 10)), /is a device/);
});

test("I14: no folder on the way is entered through a link", async (t) => {
  const { root } = ground(t);
  mkdirSync(`${root}/elsewhere/out`, { recursive: true });
  writeFileSync(`${root}/elsewhere/out/result.json`, SECRET);
  for (const [link, target] of [
    [`${root}/run2`, `${root}/elsewhere`],
    [`${root}/run/out2`, `${root}/elsewhere/out`],
  ] as const)
    symlinkSync(target, link);
  for (const below of ["run2/out/result.json", "run/out2/result.json"]) {
    assert.match(reasonOf(await door.read("test", { root, below }, 0, 100)), /stands in the way/);
    const folder = below.slice(0, below.lastIndexOf("/"));
    reasonOf(await door.list("test", { root, below: folder }, 10));
  }
});

test("I13: a name that climbs, that is empty or that holds a NUL is none", async (t) => {
  const { root } = ground(t);
  for (const below of [
    "run/../admin-token",
    "../etc/passwd",
    "run//out",
    "run/./out",
    "/etc/passwd",
    "run/\0",
  ])
    assert.match(reasonOf(await door.read("test", { root, below }, 0, 100)), /cannot be opened \(EINVAL\)/);
  const long = reasonOf(await door.read("test", { root, below: `run/${"x".repeat(4_000)}` }, 0, 100));
  assert.match(long, /ENAMETOOLONG/);
  assert.ok(long.length < 300);
  const odd = reasonOf(await door.list("test", { root, below: `${OWN}/\n\u001b[31m` }, 10));
  assert.ok(!/[\n\u001b]/.test(odd), odd);
});

test("I14: of a giant no more is read than was asked for, wherever it ends", async (t) => {
  const { root, out } = ground(t);
  writeFileSync(`${out}/giant`, "begin");
  truncateSync(`${out}/giant`, 6 * 2 ** 30);
  const place = { root, below: "run/out/giant" };
  const head = await door.read("test", place, 0, 200_000);
  assert.ok(head.kind === "read");
  assert.deepEqual([head.bytes.length, head.size], [200_000, 6 * 2 ** 30]);
  assert.equal(Buffer.from(head.bytes.subarray(0, 5)).toString(), "begin");
  const tail = await door.readEnd("test", place, 4_096);
  assert.ok(tail.kind === "read" && tail.bytes.length === 4_096);
  const now = readNow(place, 64);
  assert.ok(now.kind === "read" && now.bytes.length === 64);
});

test("I14: of a folder with very many names no more are listed than were asked for", async (t) => {
  const { root, out } = ground(t);
  for (let n = 0; n < 1_000; n += 1) closeSync(openSync(`${out}/${n}`, "w"));
  const listed = await door.list("test", { root, below: "run/out" }, 100);
  assert.ok(listed.kind === "listed" && listed.names.length === 100);
  assert.deepEqual(await door.list("test", { root, below: "run/none" }, 100), { kind: "missing" });
  assert.match(reasonOf(await door.list("test", { root, below: OWN }, 10)), /is a file and not a folder/);
});

test("I14: while a file and a link to a secret change places, the secret is never read", async (t) => {
  const { root, out } = ground(t);
  const place = { root, below: "run/out/result.json" };
  writeFileSync(`${out}/honest`, "mine");
  symlinkSync(`${root}/${OWN}`, `${out}/link`);
  const swap = new AbortController();
  const swapping = (async (): Promise<void> => {
    for (let n = 0; !swap.signal.aborted; n += 1) {
      const from = n % 2 === 0 ? "honest" : "link";
      renameSync(`${out}/${from}`, `${out}/result.json`);
      await new Promise((resolve) => setImmediate(resolve));
      renameSync(`${out}/result.json`, `${out}/${from}`);
    }
  })();
  const seen = new Set<string>();
  for (let n = 0; n < 500; n += 1) {
    const received: Received = await door.read("test", place, 0, 100_000);
    seen.add(textOf(received) ?? received.kind);
    await new Promise((resolve) => setImmediate(resolve));
  }
  swap.abort();
  await swapping;
  assert.ok(!seen.has(SECRET), [...seen].join());
  assert.ok(seen.has("mine") && seen.has("refused"), [...seen].join());
});

test("I14: while another process exchanges the folder for a link, nothing of elsewhere is read", async (t) => {
  const { root } = ground(t);
  mkdirSync(`${root}/other`);
  writeFileSync(`${root}/other/result.json`, SECRET);
  writeFileSync(`${root}/run/out/result.json`, "mine");
  const script =
    "cd $0 && while :; do mv run/out kept; ln -s $0/other run/out; rm run/out; mv kept run/out; done";
  // A group of its own: what the shell has just started would go on exchanging when the shell is gone.
  const child = spawn("/bin/sh", ["-c", script, root], { stdio: "ignore", detached: true });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const seen = new Set<string>();
  for (let n = 0; n < 20_000; n += 1) {
    const received = readNow({ root, below: "run/out/result.json" }, 1_000);
    seen.add(textOf(received) ?? received.kind);
    if (n % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  process.kill(-(child.pid ?? assert.fail("it was not started")), "SIGKILL");
  await gone;
  assert.ok(!seen.has(SECRET), [...seen].join());
  assert.ok(seen.has("mine"), [...seen].join());
});

test("I14: what may not be read is told, and what is another user's is not read", {
  skip: isRoot() ? "root may read everything" : false,
}, async (t) => {
  const { root, out } = ground(t);
  writeFileSync(`${out}/result.json`, "x", { mode: 0o000 });
  const place = { root, below: "run/out/result.json" };
  assert.match(reasonOf(await door.read("test", place, 0, 10)), /may not be read \(EACCES\)/);
  assert.match(
    reasonOf(await door.read("test", { root: "/etc", below: "passwd" }, 0, 10)),
    /of another user/,
  );
  chmodSync(out, 0o000);
  assert.match(reasonOf(await door.read("test", place, 0, 10)), /may not be read \(EACCES\)/);
  chmodSync(out, 0o700);
});

function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

test("A log is read from an offset while it grows, and never beyond its end", async (t) => {
  const { root } = ground(t);
  const path = `${root}/run/stdout.log`;
  const place = placeIn(`${root}/run`, "stdout.log");
  const from = async (offset: number, most: number): Promise<string> =>
    textOf(await door.read("test", place, offset, most)) ?? "";
  assert.equal(await from(0, 10), "");
  writeFileSync(path, "0123456789");
  assert.deepEqual(
    [await from(0, 4), await from(4, 100), await from(10, 5), await from(99, 5)],
    ["0123", "456789", "", ""],
  );
  writeFileSync(path, "abc", { flag: "a" });
  assert.equal(await from(10, 5), "abc");
  utimesSync(path, 1_000, 1_000);
  assert.deepEqual(await door.look("test", place), { kind: "seen", size: 13, modifiedAt: 1_000_000 });
  assert.equal(textOf(await door.readEnd("test", place, 4)), "9abc");
  writeFileSync(path, "x".repeat(300_000));
  assert.equal((await from(0, 1_000_000)).length, 300_000);
});

test("A root that an operator has laid as a link is followed; one that is not there is missing", async (t) => {
  const { root } = ground(t);
  symlinkSync(`${root}/run`, `${root}/laid`);
  writeFileSync(`${root}/run/out/x`, "mine");
  assert.equal(textOf(await door.read("test", { root: `${root}/laid`, below: "out/x" }, 0, 10)), "mine");
  assert.equal((await door.read("test", { root: `${root}/none`, below: "out/x" }, 0, 10)).kind, "missing");
});
