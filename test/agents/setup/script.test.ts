/** The script of a set-up, run by a real shell: what it does, what it says of its end, and what it hands on. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type SetupPlan, setupScript, setupWords } from "../../../agents/setup/script.ts";
import { systemTree } from "../../../system/files/tree.ts";
import { until } from "../../system/process/launches.ts";
import { NO_SANDBOX, walls } from "../sandbox/walled.ts";

interface Desk {
  readonly folder: string;
  /** Where the set-up works. */
  readonly work: string;
  readonly store: string;
  /** Runs a set-up as run `id`, and then an agent that says so. */
  run(id: string, change?: Change): Done;
}

interface Change extends Partial<Omit<SetupPlan, "cache">> {
  readonly paths?: readonly string[];
  readonly bytesMax?: number;
  readonly isFirst?: boolean;
  /** Inside real walls. */
  readonly walled?: boolean;
}

interface Done {
  readonly status: number | null;
  /** What the agent said. */
  readonly said: string;
  readonly log: string;
  readonly directory: string;
  has(name: string): boolean;
}

function desk(t: TestContext): Desk {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-set-up-"));
  t.after(() => {
    spawnSync("chmod", ["-R", "u+rwX", folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  const [work, store] = [join(folder, "work"), join(folder, "store")];
  for (const path of [work, store]) mkdirSync(path);
  const run = (id: string, change: Change = {}): Done => {
    const { paths = [], bytesMax = 1_048_576, isFirst = true, walled = false, ...rest } = change;
    const directory = join(folder, id);
    const beside = join(directory, "caches");
    mkdirSync(beside, { recursive: true });
    const current = systemTree().link(join(store, "current"));
    const from = current === null ? null : join(store, current);
    const to = isFirst ? { beside, store, name: id, bytesMax } : null;
    const place = { cwd: work, network: "none", path: "/usr/bin:/bin", programs: [] } as const;
    const around = walls([folder]).inside({
      ...{ ...place, endsTogether: true, writable: [work, ...(isFirst ? [beside] : [])] },
      readable: [directory, ...(from === null ? [] : [from])],
    });
    const script = setupScript({
      ...{ directory, walls: walled ? around : [], run: ["true"], timeoutMs: 20_000, hidden: [] },
      ...rest,
      cache: { paths, from, to },
    });
    writeFileSync(join(directory, "setup.sh"), script);
    const [program = "", ...words] = setupWords(join(directory, "setup.sh"));
    const agent = ["/bin/sh", "-c", 'echo "agent: $(cat) $KEY"; echo >&8', "agent"];
    const { status, stdout } = spawnSync(
      "/bin/sh",
      ["-c", `exec 8>${directory}/word; exec "$@"`, "x", program, ...words, ...agent],
      {
        ...{ cwd: work, encoding: "utf8", input: "prompt" },
        env: { PATH: "/usr/bin:/bin", KEY: "secret", LC_ALL: "C.UTF-8" },
      },
    );
    return {
      ...{ status, said: stdout, directory, log: readFileSync(join(directory, "setup.log"), "utf8") },
      has: (name) => existsSync(join(directory, name)),
    };
  };
  return { folder, work, store, run };
}

test("a set-up that succeeds becomes the agent, which has its prompt and its environment", (t) => {
  const { work, run } = desk(t);
  const done = run("r1", { run: ["echo one >> made; cat", "echo two >> made; echo said"], hidden: ["KEY"] });
  assert.deepEqual([done.status, done.said], [0, "agent: prompt secret\n"]);
  assert.equal(readFileSync(join(work, "made"), "utf8"), "one\ntwo\n");
  assert.equal(done.log, "$ echo one >> made; cat\n$ echo two >> made; echo said\nsaid\n");
  assert.deepEqual([done.has("setup.done"), done.has("setup.failed")], [true, false]);
});

test("I12: a set-up does not see the variables of the account, nor the word of the start gate", (t) => {
  const { run } = desk(t);
  const { log, directory } = run("r1", {
    ...{ run: ['echo "key: $KEY"', "(echo forged >&8) 2>/dev/null || echo closed"], hidden: ["KEY"] },
  });
  assert.match(log, /^key: $/m);
  assert.match(log, /^closed$/m);
  assert.equal(readFileSync(join(directory, "word"), "utf8"), "\n", "of the agent alone");
});

test("the first command that fails ends it, the agent is not started, and the log says which it was", (t) => {
  const { run } = desk(t);
  const done = run("r1", { run: ["true", "echo 'it is broken' >&2; exit 9", "echo never"] });
  assert.deepEqual([done.status, done.said, done.has("setup.done")], [77, "", false]);
  assert.equal(readFileSync(join(done.directory, "setup.failed"), "utf8"), "3\n");
  assert.match(done.log, /it is broken\nset-up: ended with exit code 9: echo 'it is broken' >&2; exit 9\n$/);
  assert.doesNotMatch(done.log, /never/);
});

test("one that takes too long is ended with all that it has started in the foreground", (t) => {
  const { run } = desk(t);
  const done = run("r1", { run: ["sleep 30"], timeoutMs: 1_000 });
  assert.deepEqual([done.status, done.said], [77, ""]);
  assert.equal(readFileSync(join(done.directory, "setup.failed"), "utf8"), "124\n");
});

test("I13: a command is a command of a shell, whatever is in it", (t) => {
  const { work, run } = desk(t);
  const done = run("r1", {
    run: [`printf '%s' "it's \\"\`echo x\`\\" $((1 + 1))" > 'a name'`, "a=1\necho $a"],
  });
  assert.equal(done.status, 0, done.log);
  assert.equal(readFileSync(join(work, "a name"), "utf8"), `it's "x" 2`);
  assert.match(done.log, /^1$/m);
});

/** Makes a working copy as a fresh clone has it. */
function renew(work: string): void {
  rmSync(work, { recursive: true });
  mkdirSync(work);
}

for (const walled of [false, true])
  test(`the next task finds the caches of the last one ${walled ? "in a sandbox" : "without walls"}`, {
    skip: walled && NO_SANDBOX,
  }, (t) => {
    const { work, store, run } = desk(t);
    const paths = ["deps", "web/deps"];
    const install = [
      "mkdir -p deps/bin web/deps; echo $$ > deps/made; ln -s ../made deps/bin/x; chmod 555 deps/bin",
    ];
    const first = run("r1", { paths, walled, run: install });
    assert.equal(first.status, 0, first.log);
    assert.equal(readlinkSync(join(store, "current")), "r1");
    const made = readFileSync(join(work, "deps/made"), "utf8");
    renew(work);
    const second = run("r2", {
      paths,
      walled,
      run: ["test -L deps/bin/x && test -d web/deps && rm web/deps -r"],
    });
    assert.equal(second.status, 0, second.log);
    assert.match(second.log, /^set-up: deps comes from the cache$/m);
    assert.match(second.log, /^set-up: web\/deps is not there, and is not cached$/m);
    assert.equal(readFileSync(join(work, "deps/made"), "utf8"), made);
    assert.deepEqual(readdirSync(join(store, "r2")), ["deps"]);
    for (const id of ["r3", "r4"]) run(id, { paths, walled, run: ["true"] });
    assert.deepEqual(readdirSync(store).toSorted(), ["current", "lock", "r3", "r4"], "the last two stay");
    assert.equal(existsSync(join(work, ".chargehand")), false);
  });

test("I16: what an agent may have left is never cached, and never replaced by a cache", (t) => {
  const { work, store, run } = desk(t);
  run("r1", { paths: ["deps"], run: ["mkdir deps; echo good > deps/x"] });
  writeFileSync(join(work, "deps/x"), "evil");
  const again = run("r2", { paths: ["deps"], isFirst: false, run: ["true"] });
  assert.equal(again.status, 0);
  assert.equal(readFileSync(join(work, "deps/x"), "utf8"), "evil", "its work is its own");
  assert.equal(readlinkSync(join(store, "current")), "r1");
  assert.equal(readFileSync(join(store, "r1/deps/x"), "utf8"), "good\n");
});

test("a cache that is too large, or no folder of its own, is told and not handed on; the rest is", (t) => {
  const { store, run } = desk(t);
  const done = run("r1", {
    ...{ paths: ["big", "link", "gone", "small"], bytesMax: 524_288 },
    run: ["mkdir big small; head -c 800000 /dev/zero > big/x; ln -s /etc link; echo y > small/y"],
  });
  assert.equal(done.status, 0);
  assert.deepEqual(readdirSync(join(store, "r1")), ["small"]);
  for (const says of [
    /^set-up: big takes \d+ KiB, /m,
    /^set-up: link is not there/m,
    /^set-up: gone is not/m,
  ])
    assert.match(done.log, says);
});

test("a cache that cannot be read fails no run", (t) => {
  const { work, store, run } = desk(t);
  run("r1", { paths: ["deps"], run: ["mkdir deps; echo x > deps/x"] });
  rmSync(join(store, "r1"), { recursive: true });
  renew(work);
  const without = run("r2", { paths: ["deps"], run: ["test ! -e deps"] });
  assert.deepEqual([without.status, without.has("setup.done")], [0, true]);
  // A working copy where `.chargehand` is in the way.
  run("r3", { paths: ["deps"], run: ["mkdir deps"] });
  renew(work);
  writeFileSync(join(work, ".chargehand"), "");
  const inTheWay = run("r4", { paths: ["deps"], isFirst: false, run: ["test ! -e deps"] });
  assert.equal(inTheWay.status, 0, inTheWay.log);
  assert.match(inTheWay.log, /^set-up: the cache of deps is of no use, and is left out$/m);
});

test("a cache that cannot be saved leaves the last one as it was", (t) => {
  const { store, run } = desk(t);
  run("r1", { paths: ["deps"], run: ["mkdir deps"] });
  mkdirSync(join(store, "next"));
  writeFileSync(join(store, "next/x"), "");
  const done = run("r2", { paths: ["deps"], run: ["true"] });
  assert.equal(done.status, 0, done.log);
  assert.equal(readlinkSync(join(store, "current")), "r1");
  assert.ok(existsSync(join(store, "r1/deps")));
});

test("I14: in a sandbox a set-up writes neither in the run's folder nor in the caches of others, and ends as a whole", {
  skip: NO_SANDBOX,
}, async (t) => {
  const { folder, work, store, run } = desk(t);
  mkdirSync(join(store, "r0"));
  symlinkSync("r0", join(store, "current"));
  const done = run("r1", {
    ...{ walled: true, paths: ["deps"] },
    run: [
      `for at in ${folder}/r1/setup.failed ${folder}/r1/exit.json ${store}/r0/x ${store}/x; do (: > $at) 2>/dev/null; done; true`,
      "setsid sleep 31234.5 >/dev/null 2>&1 & mkdir deps; echo $! > started",
    ],
  });
  assert.equal(done.status, 0, done.log);
  const written = ["r1/setup.failed", "r1/exit.json", "store/r0/x", "store/x"];
  assert.deepEqual(
    written.filter((path) => existsSync(join(folder, path))),
    [],
  );
  assert.ok(existsSync(join(work, "started")));
  await until("nothing of it works on", () => !isAtWork("sleep\u000031234.5\u0000"));
});

/** Whether a process has this command line. */
function isAtWork(words: string): boolean {
  return systemTree()
    .names("/proc")
    .some((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "latin1") === words;
      } catch {
        // It ended while we looked.
        return false;
      }
    });
}
