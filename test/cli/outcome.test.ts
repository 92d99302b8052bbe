/** The exit codes of DESIGN §8: how a command ends, by what the daemon answers and by what was asked. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  chargehand,
  json,
  knowing,
  problem,
  type ScriptedDaemon,
  scriptedDaemon,
} from "./scripted-daemon.ts";

let daemon: ScriptedDaemon;
before(async () => {
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
after(() => daemon.close());

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
