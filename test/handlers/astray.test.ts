/** The admin side is asked for where webhooks come in. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createBodyReader } from "../../handlers/read-body.ts";
import { webhookApp } from "../../handlers/webhooks.ts";
import { systemClock } from "../../system/clock.ts";
import { nullLog } from "../../system/log.ts";

const APP = webhookApp({
  sources: [],
  record: () => assert.fail("nothing is recorded"),
  bodies: createBodyReader({ memory: () => 1, clock: systemClock() }),
  bodyLimit: 1,
  adminUrl: () => "http://127.0.0.1:8788",
  log: nullLog(),
});
const HERE = "http://127.0.0.1:8787";
const TOLD = "webhooks come in here; the admin side listens at http://127.0.0.1:8788";
const UNTOLD =
  "webhooks come in here; the admin side listens elsewhere, see server.admin in the configuration";

/** @param address of whoever asks; `null` where the connection is not known */
async function asks(
  url: string,
  address: string | null,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const incoming = { socket: { remoteAddress: address, remotePort: 1, remoteFamily: "IPv4" } };
  const response = await APP.request(url, { headers }, address === null ? {} : { incoming });
  assert.equal(response.status, 404);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  const { detail }: { readonly detail?: unknown } = JSON.parse(await response.text());
  return detail;
}

test("whoever asks for the admin side hears that it is elsewhere, and where only on this machine", async () => {
  for (const path of ["/", "/api", "/api/v1/status", "/openapi.json", "/metrics", "/readyz"]) {
    assert.equal(await asks(HERE + path, "127.0.0.1"), TOLD, path);
    assert.equal(await asks(HERE + path, "192.0.2.7"), UNTOLD, path);
  }
  assert.equal(await asks("http://localhost:8787/", "::ffff:127.0.0.1"), TOLD);
  assert.equal(await asks("http://[::1]:8787/", "::1"), TOLD);
});

test("behind a proxy, by a public name, or without a known connection, the address is not told", async () => {
  assert.equal(await asks(`${HERE}/`, "127.0.0.1", { "x-forwarded-for": "192.0.2.7" }), UNTOLD);
  assert.equal(await asks("https://agents.example.org/", "127.0.0.1"), UNTOLD);
  assert.equal(await asks(`${HERE}/`, null), UNTOLD);
});

test("what is no part of the admin side is not there, and that is all that is said", async () => {
  for (const path of ["/apis", "/wp-login.php", "/api.php"])
    assert.equal(await asks(HERE + path, "127.0.0.1"), undefined, path);
});
