/** A message on trial to a webhook and to the log. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { logChannel } from "../../../notifier/channels/log.ts";
import { tryChannel } from "../../../notifier/channels/trial.ts";
import { webhookChannel } from "../../../notifier/channels/webhook.ts";
import type { Sent } from "../../../notifier/ports.ts";
import { systemChance } from "../../../system/chance.ts";
import { systemClock } from "../../../system/clock.ts";
import { systemHttp } from "../../../system/http.ts";
import { heardLog } from "../../handlers/hand-moved.ts";
import { secretOf } from "../calls.ts";
import { startReceiver } from "../receiver.ts";

const clock = systemClock();
const ports = { clock, chance: systemChance(clock.now) };

test("a webhook gets a signed test, with another id each time; its refusal is told", async (t) => {
  const receiver = await startReceiver(secretOf("k"));
  t.after(() => receiver.close());
  const settings = { url: receiver.url, secrets: [secretOf("k")] };
  const hook = webhookChannel(settings, { http: systemHttp(), clock, redact: (text) => text });
  const tried = [await tryChannel(hook, "webhook", ports), await tryChannel(hook, "webhook", ports)];
  assert.deepEqual(
    tried.map(({ outcome }) => outcome),
    ["arrived", "arrived"],
  );
  assert.deepEqual(
    receiver.received.map(({ type, id }) => [type, id]),
    tried.map(({ id }) => ["test", `msg_${id}`]),
  );
  assert.notEqual(tried[0]?.id, tried[1]?.id);
  receiver.answer = (response) => void response.writeHead(429, { "retry-after": "60" }).end();
  const limited = await tryChannel(hook, "webhook", ports);
  assert.equal(limited.outcome, "limited");
  assert.ok((limited.until ?? 0) > clock.now() + 50_000);
  receiver.answer = (response) => void response.writeHead(404).end();
  const refused = await tryChannel(hook, "webhook", ports);
  assert.deepEqual([refused.outcome, refused.reason?.endsWith("answered 404")], ["refused", true]);
});

test("the log has a line of it", async () => {
  const log = heardLog();
  assert.equal((await tryChannel(logChannel(log), "log", ports)).outcome, "arrived");
  assert.equal(log.lines[0]?.["notice"], "test");
});

test("what is not known of its end is told as it is", async () => {
  const after = async (sent: Sent) =>
    (await tryChannel({ host: "h", send: async () => sent }, "webhook", ports)).outcome;
  const failed = { kind: "failed", reason: "r", fault: "host" } as const;
  assert.equal(await after(failed), "unsure");
  assert.equal(await after({ ...failed, neverSent: true }), "unreachable");
  assert.equal(await after({ kind: "refused", reason: "r" }), "refused");
});
