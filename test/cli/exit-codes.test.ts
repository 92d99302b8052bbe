/** The exit codes of DESIGN §8, and how the daemon is found. */

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chargehand, json, knowing, problem, type ScriptedDaemon, scriptedDaemon, TOKEN } from "./stage.ts";

let daemon: ScriptedDaemon;
let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "chargehand-cli-"));
  daemon = await scriptedDaemon({
    "GET /tasks": json({ tasks: [], next_cursor: null }),
    "GET /tasks/GONE-1": problem(404, "there is no task GONE-1"),
    "POST /tasks/SHOP-1/cancel": problem(409, "SHOP-1 is done, so there is nothing to cancel", {
      state: "done",
    }),
    "POST /tasks/SHOP-2/retry": problem(400, "the request is not valid", {
      errors: [{ path: "reason", message: "is unknown" }],
    }),
    "GET /runs": problem(503, "the database is busy"),
    "GET /deliveries": (_request, response) => void response.writeHead(502).end("<html>Bad gateway</html>"),
    "GET /status": json({ version: 1 }),
    "GET /tasks/TEXT-1": (_request, response) => void response.end("hello"),
  });
});
after(async () => {
  await daemon.close();
  await rm(folder, { recursive: true, force: true });
});

interface Case {
  readonly args: readonly string[];
  readonly code: number;
  readonly says: RegExp;
}

const CASES: readonly Case[] = [
  { args: ["task", "GONE-1"], code: 4, says: /^chargehand: there is no task GONE-1$/m },
  {
    args: ["cancel", "SHOP-1"],
    code: 5,
    says: /^chargehand: SHOP-1 is done, so there is nothing to cancel$/m,
  },
  { args: ["retry", "SHOP-2"], code: 2, says: /^chargehand: the request is not valid; reason: is unknown$/m },
  { args: ["runs"], code: 1, says: /the database is busy\n {2}the daemon is up but/ },
  { args: ["deliveries"], code: 1, says: /answered 502/ },
  {
    args: ["status"],
    code: 1,
    says: /not understood \(version: .*\n {2}are the daemon and this command of one version\?/,
  },
  { args: ["task", "TEXT-1"], code: 1, says: /no JSON/ },
  {
    args: ["tasks", "--token", "wrong"],
    code: 2,
    says: /a token is needed\n {2}the token is not the daemon's/,
  },
  {
    args: ["tasks", "--url", "http://127.0.0.1:1"],
    code: 3,
    says: /the daemon is unreachable: 127\.0\.0\.1:1 did not answer.*\n {2}is it running\?/,
  },
  { args: ["tasks", "--url", "localhost:8788"], code: 2, says: /not an http\(s\) address/ },
  { args: ["logs", "SHOP-9", "--follow", "--json"], code: 2, says: /exclude each other/ },
  {
    args: ["tasks", "--status", "doing"],
    code: 2,
    says: /'doing' is invalid\. Allowed choices are waiting, active, done/,
  },
  { args: ["tasks", "--limit", "0"], code: 2, says: /--limit.*whole number from 1 to 500/ },
  { args: ["deliveries", "show", "x"], code: 2, says: /must be a whole number from 1\./ },
  { args: ["tsaks"], code: 2, says: /unknown command.*\n.*tasks/ },
  { args: ["tasks", "--stauts", "x"], code: 2, says: /unknown option.*\n.*--status/ },
  { args: ["task"], code: 2, says: /missing required argument/ },
  { args: [], code: 2, says: /Usage: chargehand/ },
];

for (const { args, code, says } of CASES) {
  test(`\`chargehand ${args.join(" ")}\` exits ${code}, says why on stderr, and leaves stdout empty`, async () => {
    const ended = await chargehand(args, knowing(daemon));
    assert.match(ended.err, says);
    assert.deepEqual([ended.code, ended.out], [code, ""]);
  });
}

test("help and version end well", async () => {
  assert.equal((await chargehand(["--version"])).out, "9.8.7\n");
  assert.equal((await chargehand(["-V"])).out, "9.8.7\n");
  const help = await chargehand(["help", "tasks"]);
  assert.deepEqual([help.code, help.err], [0, ""]);
  assert.match(help.out, /Usage: chargehand tasks/);
});

async function config(dataDir: string): Promise<string> {
  const file = join(folder, `${dataDir}.yaml`);
  await writeFile(file, `data_dir: ${dataDir}\nsources: { github: { secret: "\${NOT_SET}" } }\n`);
  await mkdir(join(folder, dataDir), { recursive: true });
  return file;
}

test("the daemon is found by the data directory of the configuration, whose secrets are not needed for that", async () => {
  const file = await config("found");
  const announced = {
    pid: 1,
    started_at: "2026-01-15T11:00:00Z",
    webhooks_url: "http://127.0.0.1:2",
    admin_url: daemon.url,
  };
  await writeFile(join(folder, "found/daemon.json"), JSON.stringify(announced));
  await writeFile(join(folder, "found/admin-token"), `${TOKEN}\n`);
  const ended = await chargehand(["tasks", "--config", file]);
  assert.deepEqual([ended.code, ended.err], [0, ""]);
  assert.match(ended.out, /^No tasks yet\. Put a start label/);
});

test("where no daemon is running, the command exits 3 and says how to start one", async () => {
  const ended = await chargehand(["tasks"], { CHARGEHAND_CONFIG: await config("stopped") });
  assert.equal(ended.code, 3);
  assert.match(ended.err, /no daemon is running on .*stopped\n {2}start one with: chargehand serve/);
});

test("where the configuration is broken or names another data_dir, it is said how a running daemon is reached", async () => {
  const broken = join(folder, "half-edited.yaml");
  await writeFile(broken, "data_dir: [\n");
  const ended = await chargehand(["tasks", "--config", broken]);
  assert.equal(ended.code, 2);
  assert.match(ended.err, /goes on with its last good configuration, and answers to --url and --token/);
  const moved = await chargehand(["tasks", "--config", await config("moved")]);
  assert.equal(moved.code, 3);
  assert.match(moved.err, /started with another data_dir answers to --url and --token/);
});

test("a daemon.json that is broken, or a token that is missing, is said so", async () => {
  const file = await config("broken");
  await writeFile(join(folder, "broken/daemon.json"), "{");
  assert.match(
    (await chargehand(["tasks", "--config", file])).err,
    /daemon\.json is not what a daemon writes/,
  );
  await writeFile(join(folder, "broken/daemon.json"), JSON.stringify({ pid: 1, admin_url: daemon.url }));
  assert.match((await chargehand(["tasks", "--config", file])).err, /admin-token is missing/);
});

test("I12: an address given by hand gets no token from the data directory", async () => {
  const ended = await chargehand(["tasks", "--url", daemon.url, "--config", await config("found")]);
  assert.equal(ended.code, 2);
  assert.match(ended.err, /an address needs its token/);
});

test("without any configuration the places that were looked at are listed, and the exit code is 2", async () => {
  const ended = await chargehand(["tasks"], { CHARGEHAND_CONFIG: join(folder, "nowhere.yaml") });
  assert.equal(ended.code, 2);
  assert.match(ended.err, /nowhere\.yaml: there is no such file\n {2}give --config FILE/);
});

test("serve prints all problems of a wrong configuration with paths and lines, and exits 2", async () => {
  const file = join(folder, "wrong.yaml");
  await writeFile(file, "data_dir: x\nprojects:\n  - name: shop\n    prefix: s\n");
  const ended = await chargehand(["serve", "--config", file]);
  assert.equal(ended.code, 2);
  assert.equal(ended.out, "");
  const lines = ended.err.trimEnd().split("\n");
  assert.equal(lines.length, 3);
  assert.match(lines[2] ?? "", /wrong\.yaml:4:13: projects\[0\]\.prefix: must be/);
});

test("serve --check only checks", async () => {
  const file = join(folder, "right.yaml");
  await writeFile(file, "data_dir: never-made\n");
  const ended = await chargehand(["serve", "--config", file, "--check"]);
  assert.deepEqual([ended.code, ended.err, ended.out], [0, "", `${file} is fine.\n`]);
});
