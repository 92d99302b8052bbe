/**
 * What a command loads. Most of the time that a command takes is the time to load what it imports, so a module more
 * is a decision: this is the list.
 */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
  CLOSED,
  EXPLANATION,
  json,
  RUN,
  type ScriptedDaemon,
  scriptedDaemon,
  TASK,
  TOKEN,
} from "./scripted-daemon.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const NOTE_LOADS = new URL("./note-loads.ts", import.meta.url).href;

const STATUS = {
  version: "0.1.0",
  uptime_s: 1,
  deliveries: {},
  tasks: {},
  jobs: {},
  runs: {},
  holds: {},
  ...CLOSED,
  running: [RUN],
  spend_today_usd: 0,
  database: { engine: "sqlite" },
};

let daemon: ScriptedDaemon;
let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "chargehand-loaded-"));
  daemon = await scriptedDaemon({
    "GET /status": json(STATUS),
    "GET /tasks": json({ tasks: [TASK], next_cursor: null }),
    "GET /tasks/SHOP-12": json(TASK),
    "GET /tasks/SHOP-12/explain": json(EXPLANATION),
    "GET /runs": json({ runs: [RUN], next_cursor: null }),
  });
  await writeFile(join(folder, "daemon.json"), JSON.stringify({ pid: 1, admin_url: daemon.url }));
  await writeFile(join(folder, "admin-token"), TOKEN);
  await writeFile(join(folder, "chargehand.yaml"), `data_dir: ${folder}\n`);
});
after(async () => {
  await daemon.close();
  await rm(folder, { recursive: true, force: true });
});

interface Loaded {
  /** Below the root of this repository, in the order of the alphabet. */
  readonly own: readonly string[];
  /** By their names. */
  readonly packages: readonly string[];
  /** Modules of Node, such as `NativeModule http`. */
  readonly internal: readonly string[];
  readonly out: string;
}

async function loadedBy(args: readonly string[]): Promise<Loaded> {
  const env = {
    PATH: process.env["PATH"],
    LOADS: join(folder, "loads"),
    CHARGEHAND_CONFIG: join(folder, "chargehand.yaml"),
  };
  const argv = ["--import", NOTE_LOADS, join(ROOT, "bin/chargehand.js"), ...args];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { env });
  const lines = (await readFile(env.LOADS, "utf8")).split("\n");
  const urls = lines.filter((line) => line.startsWith("file:"));
  const paths = [...new Set(urls.map((url) => relative(ROOT, fileURLToPath(url))))].sort();
  const packages = paths.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  return {
    own: paths.filter((path) => !path.startsWith("node_modules/")),
    packages: [...new Set(packages)],
    internal: lines.filter((line) => line.startsWith("NativeModule ")),
    out: stdout,
  };
}

/** What a command that asks a running daemon may load: words for people, and the doors it goes through. */
const MAY_LOAD: readonly RegExp[] = [
  /^bin\/chargehand\.js$/,
  /^cli\/(answers\/|tables\/)?[\w-]+\.ts$/,
  /^cli\/commands\/[\w-]+\.ts$/,
  /^workflow\/(phases\/)?[\w-]+\.ts$/,
  /^daemon\/config\/(data-dir|file|fill-in)\.ts$/,
  /^system\/(clock|download|files|http|light-http)\.ts$/,
  /^system\/files\/(door|strange-place)\.ts$/,
  /^system\/config\/(passwords|tree)\.ts$/,
];
/** Each of them takes time to find, to read and to link, however small it is. */
const MODULES_MAX = 33;

const READS: readonly string[][] = [
  ["status"],
  ["status", "--json"],
  ["tasks"],
  ["task", "SHOP-12"],
  ["explain", "SHOP-12"],
  ["runs"],
];
for (const args of READS) {
  test(`G8: \`chargehand ${args.join(" ")}\` loads commander, what every command needs, and its own words`, async () => {
    const { own, packages, internal, out } = await loadedBy(args);
    assert.notEqual(out, "");
    assert.ok(internal.includes("NativeModule _http_client"));
    assert.ok(
      !internal.some((name) => name.includes("undici")),
      "Node's fetch takes as long to load as the rest",
    );
    assert.deepEqual(packages, ["commander"]);
    assert.deepEqual(
      own.filter((path) => !MAY_LOAD.some((pattern) => pattern.test(path))),
      [],
    );
    assert.ok(own.length <= MODULES_MAX, `${own.length} modules: ${own.join(", ")}`);
  });
}

test("G8: `chargehand --version` loads nothing", async () => {
  const { own, packages } = await loadedBy(["--version"]);
  assert.deepEqual([own, packages], [["bin/chargehand.js"], []]);
});

test("`chargehand --help` loads every command, and of packages commander alone", async () => {
  const { own, packages } = await loadedBy(["--help"]);
  assert.deepEqual(packages, ["commander"]);
  assert.ok(own.includes("cli/commands/serve.ts"));
  assert.deepEqual(
    own.filter((path) => /^(handlers|agents|forges|reaper|store)\//.test(path)),
    [],
  );
});
