/** From the channels of the configuration to those who send. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type ChannelSettings, channelsOf, sendersOf } from "../../../notifier/channels/channels.ts";
import { systemClock } from "../../../system/clock.ts";
import { systemHttp } from "../../../system/http.ts";
import { nullLog } from "../../../system/log.ts";
import { secretOf } from "../calls.ts";

const OPS: ChannelSettings = {
  channel: "webhook",
  name: "ops",
  url: "https://hooks.example.org/a",
  secrets: [secretOf("k")],
  projects: ["shop"],
};

test("each channel has a sender of its target, and the log has one in any case", () => {
  const ports = { http: systemHttp(), clock: systemClock(), log: nullLog() };
  const senders = sendersOf([OPS, { ...OPS, name: "other" }], ports);
  assert.deepEqual(
    [...senders].map(([target, { host }]) => [target, host]),
    [
      ["log", "log"],
      ["webhook:ops", "hooks.example.org"],
      ["webhook:other", "hooks.example.org"],
    ],
  );
  assert.deepEqual(channelsOf([{ channel: "log", projects: null }, OPS]), [
    { target: "log", projects: null },
    { target: "webhook:ops", projects: ["shop"] },
  ]);
});
