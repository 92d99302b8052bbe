/** What an agent is told of its run, whatever profile and account say. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { environmentOf } from "../../../daemon/run/environment.ts";
import { PROFILE } from "../../agents/profile.ts";
import { run } from "../../reaper/scripted-host.ts";
import { WITHOUT_WALLS } from "./without-walls.ts";

const SURROUNDINGS = {
  environment: { PATH: "/bin", SECRET: "daemon's own", CHARGEHAND_RUN: "another" },
  accounts: new Map([["work", { env: { LOGIN: "ada", CHARGEHAND_TASK: "another" } }]]),
  ...WITHOUT_WALLS,
  adminUrl: () => "http://127.0.0.1:8788",
};

test("it knows its run, its task, the daemon and where its result belongs; nobody may say otherwise", () => {
  const env = environmentOf(SURROUNDINGS, run({ account: "work" }), PROFILE, "/runs/r1", { TOOL: "x" });
  const { CHARGEHAND_RUN, CHARGEHAND_TASK, CHARGEHAND_URL, CHARGEHAND_RESULT, ...rest } = env;
  assert.equal(rest["CHARGEHAND_DATA"], "/nowhere/projects/shop/data");
  assert.deepEqual(
    [CHARGEHAND_RUN, CHARGEHAND_TASK, CHARGEHAND_URL, CHARGEHAND_RESULT],
    ["r1", "SHOP-1", "http://127.0.0.1:8788", "/runs/r1/out/result.json"],
  );
  assert.deepEqual(
    [rest["CHARGEHAND_ASK"], rest["CHARGEHAND_ANSWERS_DIR"]],
    ["/runs/r1/out/ask.json", "/runs/r1/answers"],
  );
  assert.deepEqual([rest["LOGIN"], rest["TOOL"], rest["SECRET"]], ["ada", "x", undefined]);
});

test("a run without an account, or with one that has left the configuration, gets none of the others", () => {
  for (const account of [null, "gone"]) {
    const env = environmentOf(SURROUNDINGS, run({ account }), PROFILE, "/runs/r1", {});
    assert.equal(env["LOGIN"], undefined);
  }
});
