/** `tasks`: its filters, its pages, and what it prints. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  chargehand,
  type Ended,
  json,
  knowing,
  type ScriptedDaemon,
  scriptedDaemon,
  TASK,
} from "../scripted-daemon.ts";

let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "GET /tasks": (request, response, body) =>
      json({ tasks: request.url?.includes("status=failed") ? [] : [TASK], next_cursor: "abc" })(
        request,
        response,
        body,
      ),
  });
});
after(() => daemon.close());

const run = (...args: string[]): Promise<Ended> => chargehand(args, knowing(daemon));

test("tasks passes its filters on, shows how to get the next page, and says when nothing matches", async () => {
  const { out } = await run(
    "tasks",
    "--project",
    "shop",
    "--status",
    "active",
    "--ready",
    "--limit",
    "7",
    "--cursor",
    "x y",
  );
  assert.equal(
    daemon.asked.at(-1)?.line,
    "GET /api/v1/tasks?project=shop&status=active&ready=true&limit=7&cursor=x+y",
  );
  assert.match(out, /^SHOP-12 +active +Login fails .*… +shop +chargehand\/SHOP-12.*… +12m ago$/m);
  assert.match(out, /add --cursor abc/);
  assert.equal((await run("tasks", "--status", "failed")).out, "No task matches.\n");
});
