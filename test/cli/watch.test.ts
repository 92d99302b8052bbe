/** `status --watch`: drawn in place on a terminal, a line per look elsewhere, over restarts of the daemon. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Ports } from "../../cli/ports.ts";
import { runProgram } from "../../cli/program.ts";
import { systemDownloads } from "../../system/download.ts";
import { systemFiles } from "../../system/files.ts";
import { lightHttp } from "../../system/light-http.ts";
import {
  CLOSED,
  json,
  knowing,
  NOW,
  problem,
  RUN,
  type ScriptedDaemon,
  scriptedDaemon,
} from "./scripted-daemon.ts";

const STATUS = {
  ...{ version: "0.1.0", uptime_s: 1, deliveries: {}, tasks: { active: 1 }, jobs: {}, runs: {}, holds: {} },
  ...CLOSED,
  ...{ running: [RUN], spend_today_usd: 0, database: { engine: "sqlite" } },
};

let daemon: ScriptedDaemon;
let looks = 0;
before(async () => {
  daemon = await scriptedDaemon({
    // Every second look meets a daemon that is starting.
    "GET /status": (request, response, body) => {
      looks += 1;
      const reply = looks % 2 === 0 ? problem(503, "starting") : json(STATUS);
      return reply(request, response, body);
    },
  });
});
after(() => daemon.close());

/** So many looks, the clock a minute further at each. */
async function watched(args: readonly string[], size: Pick<Ports, "width" | "height">, most: number) {
  const out: string[] = [];
  let [err, slept] = ["", 0];
  looks = 0;
  const ended = new Error("Ctrl-C");
  const ports: Ports = {
    clock: {
      now: () => NOW + slept * 60_000,
      monotonic: () => 0,
      sleep: async (ms) => {
        assert.equal(ms, 5_000);
        slept += 1;
        if (slept === most) throw ended;
      },
    },
    ...{ downloads: systemDownloads(), env: knowing(daemon), files: systemFiles(), http: lightHttp() },
    ...{ input: async () => "", onTerminal: async () => "no terminal", ...size },
    ...{ ask: null, background: async () => "nothing is left running", self: ["chargehand"] },
    out: (text) => void out.push(String(text)),
    err: (text) => {
      err += text;
    },
    exit: (code) => assert.fail(String(code)),
  };
  await assert.rejects(runProgram("9.8.7", ["status", "--watch", "--interval", "5", ...args], ports), ended);
  return { out, err };
}

test("on a terminal the picture is drawn over the last one, cut to the screen, with the daemon's trouble on it", async () => {
  const { out } = await watched([], { width: 80, height: 12 }, 2);
  assert.equal(out.length, 2);
  for (const picture of out) {
    assert.ok(
      picture.startsWith("\u001b[H") && picture.endsWith("\u001b[J"),
      "from the top, and nothing left below",
    );
    const lines = picture.split("\n");
    assert.equal(lines.length, 12, "11 lines, and the cursor on the last");
    assert.ok(lines.slice(0, -1).every((line) => line.endsWith("\u001b[K")));
  }
  assert.match(out[0] ?? "", /every 5 s, 2026-01-15T12:00:00Z.*\n[\s\S]*tasks +1 active/);
  assert.match(out[1] ?? "", /12:01:00Z.*\n! starting[\s\S]*tasks +1 active/, "what was seen last stays");
});

test("in a pipe each look is one line without controls, and with --json one document", async () => {
  const plain = await watched([], { width: null, height: null }, 3);
  assert.deepEqual(
    plain.out.map((line) => line.slice(0, 37)),
    [
      "2026-01-15T12:00:00Z tasks 1 active; j",
      "2026-01-15T12:01:00Z starting\n",
      "2026-01-15T12:02:00Z tasks 1 active; j",
    ].map((line) => line.slice(0, 37)),
  );
  for (const line of plain.out) assert.match(line, /^[^\u001b\n]+\n$/);
  const { out, err } = await watched(["--json"], { width: null, height: null }, 3);
  assert.deepEqual(
    out.map((line) => JSON.parse(line).version),
    ["0.1.0", "0.1.0"],
  );
  assert.match(err, /starting/);
});

test("Ctrl-C ends it", async () => {
  looks = 0;
  const program = fileURLToPath(new URL("../../bin/chargehand.js", import.meta.url));
  const env = { PATH: process.env["PATH"], ...knowing(daemon) };
  const child = spawn(process.execPath, [program, "status", "--watch", "--interval", "1"], { env });
  await once(child.stdout, "data");
  child.kill("SIGINT");
  assert.deepEqual(await once(child, "exit"), [null, "SIGINT"]);
});
