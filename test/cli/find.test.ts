/** How the daemon is found: by hand, or by the data directory of the configuration. */

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parseJson } from "../../cli/find.ts";
import { chargehand, json, type ScriptedDaemon, scriptedDaemon, TOKEN } from "./scripted-daemon.ts";

let daemon: ScriptedDaemon;
let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "chargehand-cli-"));
  daemon = await scriptedDaemon({ "GET /tasks": json({ tasks: [], next_cursor: null }) });
});
after(async () => {
  await daemon.close();
  await rm(folder, { recursive: true, force: true });
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

test("what is no JSON is nothing, and null is something", () => {
  assert.equal(parseJson("{"), undefined);
  assert.equal(parseJson("null"), null);
});
