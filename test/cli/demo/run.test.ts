/** `chargehand demo --keep`: it stays for whoever wants to try commands, and leaves nothing behind. */

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { NO_SANDBOX } from "../../agents/sandbox/walled.ts";

const PROGRAM = fileURLToPath(new URL("../../../bin/chargehand.js", import.meta.url));

test("demo --keep tells commands that work, and at Ctrl-C it is gone with its folder", async (t) => {
  const demo = spawn(process.execPath, [PROGRAM, "demo", "--keep"], { stdio: ["ignore", "pipe", "pipe"] });
  t.after(() => demo.kill("SIGKILL"));
  let out = "";
  for await (const text of demo.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    out += String(text);
    if (out.includes("Ctrl-C ends it")) break;
  }
  const walls = NO_SANDBOX === false ? "in a sandbox of" : "without a sandbox:";
  assert.match(out, new RegExp(`^ {2}Agents run ${walls} bubblewrap.*\\.$`, "m"));
  const config = /^ {2}export CHARGEHAND_CONFIG=(\S+)$/m.exec(out)?.[1] ?? assert.fail(out);
  const env = { ...process.env, CHARGEHAND_CONFIG: config };
  const tries = [...out.matchAll(/^ {2}\S+chargehand\.js (.*)$/gm)].map(([, line = ""]) => line.split(" "));
  assert.ok(tries.length >= 5, out);
  for (const args of tries)
    assert.notEqual((await promisify(execFile)(process.execPath, [PROGRAM, ...args], { env })).stdout, "");
  const [, webhooks = "", admin = ""] = /webhooks (\S+) +admin (\S+)/.exec(out) ?? [];
  const astray: unknown = await (await fetch(`${webhooks}/api/v1/status`)).json();
  assert.match(JSON.stringify(astray), new RegExp(`the admin side listens at ${admin}`));
  demo.kill("SIGINT");
  const [code] = await once(demo, "exit");
  assert.equal(code, 0);
  const folder = / in (\S+)$/m.exec(out)?.[1] ?? "";
  assert.deepEqual([config.startsWith(folder), existsSync(folder)], [true, false]);
});
