/** `notify test`: what became of a message on trial, in words. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  chargehand,
  json,
  knowing,
  problem,
  type ScriptedDaemon,
  scriptedDaemon,
} from "../scripted-daemon.ts";

const NOTHING = { id: null, until: null, reason: null, remedy: null };
const TRIALS = [
  { ...NOTHING, channel: "telegram:team", outcome: "arrived", id: "17" },
  { ...NOTHING, channel: "log", outcome: "arrived" },
  { ...NOTHING, channel: "slack:ops", outcome: "limited", until: "2026-01-15T12:05:00Z", reason: "slow" },
  { ...NOTHING, channel: "discord", outcome: "refused", reason: "no\u001b[31m", remedy: "let it in" },
  { ...NOTHING, channel: "ntfy", outcome: "unsure", reason: "timed out" },
];

let trials: unknown = TRIALS;
let daemon: ScriptedDaemon;
before(async () => {
  daemon = await scriptedDaemon({
    "POST /notify/test": (request, response, body) =>
      body.includes("teem")
        ? problem(404, "there is no channel telegram:teem; did you mean telegram:team?")(
            request,
            response,
            body,
          )
        : json({ trials })(request, response, body),
  });
});
after(() => daemon.close());

test("each channel has its sentence, and one that did not arrive is a failure", async () => {
  const { out, code } = await chargehand(["notify", "test"], knowing(daemon));
  assert.equal(
    out.replace(/until .*: slow/, "until WHEN: slow"),
    `telegram:team: the test arrived, as message 17.
log: the test arrived.
slack:ops: the test was not sent: the channel is limited until WHEN: slow.
discord: the test was refused: no [31m.
  let it in
ntfy: the test may have arrived; nobody saw the end of it: timed out.
`,
  );
  assert.equal(code, 1);
  assert.equal(daemon.asked.at(-1)?.body, "{}");
});

test("one of them alone, as JSON, and one that is not there", async () => {
  trials = TRIALS.slice(0, 1);
  const one = await chargehand(["notify", "test", "telegram:team", "--json"], knowing(daemon));
  assert.deepEqual([one.code, JSON.parse(one.out)], [0, { trials }]);
  assert.deepEqual(JSON.parse(daemon.asked.at(-1)?.body ?? ""), { channel: "telegram:team" });
  const unknown = await chargehand(["notify", "test", "telegram:teem"], knowing(daemon));
  assert.deepEqual([unknown.code, unknown.out], [4, ""]);
  assert.match(unknown.err, /did you mean telegram:team/);
});
