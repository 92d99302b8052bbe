/** An App: it proves itself by its key, and has one token for each place, which is renewed in time. */

import assert from "node:assert/strict";
import { createVerify, generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import type { Clock } from "../../../system/clock.ts";
import { systemClock } from "../../../system/clock.ts";
import { HASTY, ME, type Routes, staged } from "./stage.ts";

const KEYS = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const PEM = KEYS.privateKey.export({ type: "pkcs1", format: "pem" }).toString();

/** By which our clock is ahead, and GitHub's with it (ms). */
let late = 0;

function isSigned(authorization: unknown): boolean {
  const [head, said, sign] = String(authorization).replace("Bearer ", "").split(".");
  if (sign === undefined) return false;
  const claims = JSON.parse(Buffer.from(said ?? "", "base64url").toString());
  const isShort =
    claims.exp - claims.iat <= 600 && claims.iat < (Date.now() + late) / 1_000 && claims.iss === "42";
  return (
    isShort && createVerify("RSA-SHA256").update(`${head}.${said}`).verify(KEYS.publicKey, sign, "base64url")
  );
}

function app(made: string[]): Routes {
  const token =
    (id: string) =>
    ({ headers }: { readonly headers: Readonly<Record<string, unknown>> }) => {
      if (!isSigned(headers["authorization"])) return { status: 401, body: { message: "Bad credentials" } };
      made.push(id);
      const expires_at = new Date(Date.now() + late + 3_600_000).toISOString();
      return { status: 201, body: { token: `ghs_${id}_${made.length}`, expires_at } };
    };
  const issue = { number: 7, title: "t", state: "open", labels: [], updated_at: "2026-11-20T10:00:00Z" };
  return {
    "GET /app": { status: 200, body: { slug: "chargehand", id: 42 } },
    "GET /app/installations": { status: 200, body: [{ id: 1 }] },
    "GET /repos/acme/shop/installation": { status: 200, body: { id: 1 } },
    "GET /repos/other/x/installation": { status: 200, body: { id: 2 } },
    "POST /app/installations/1/access_tokens": token("1"),
    "POST /app/installations/2/access_tokens": token("2"),
    "GET /users/chargehand[bot]": { status: 200, body: { ...ME, login: "chargehand[bot]" } },
    "GET /repos/acme/shop/issues/7": ({ headers }) =>
      String(headers["authorization"]).startsWith("Bearer ghs_1_")
        ? { status: 200, body: issue }
        : { status: 404, body: { message: "Not Found" } },
    "GET /repos/other/x/issues/7": ({ headers }) =>
      String(headers["authorization"]).startsWith("Bearer ghs_2_")
        ? { status: 200, body: issue }
        : { status: 404, body: { message: "Not Found" } },
  };
}

test("each place has its token, asked for once, and again some minutes before its hour is over", async () => {
  const made: string[] = [];
  late = 0;
  const clock: Clock = {
    ...HASTY,
    now: () => Date.now() + late,
    monotonic: () => systemClock().monotonic() + late,
  };
  const login = { app: { id: "42", private_key: PEM.replaceAll("\n", "\\n") } };
  await staged(
    app(made),
    async ({ github, faults }) => {
      const item = { place: "acme/shop", id: "7" };
      const all = await Promise.all([1, 2, 3].map(() => github.ask.item(item)));
      assert.ok(all.every((found) => found.kind === "ok" && found.value !== null));
      assert.ok((await github.ask.item({ place: "other/x", id: "7" })).kind === "ok");
      assert.deepEqual(made, ["1", "2"]);
      late = 54 * 60_000;
      await github.ask.item(item);
      assert.equal(made.length, 2);
      late = 56 * 60_000;
      assert.ok((await github.ask.item(item)).kind === "ok");
      assert.deepEqual(made, ["1", "2", "1"]);
      assert.deepEqual(faults, []);
    },
    { login, clock },
  );
});

test("it acts as a robot of its own", async () => {
  await staged(
    app([]),
    async ({ github }) => {
      const me = await github.ask.whoami();
      assert.deepEqual(me.kind === "ok" && [me.value.login, me.value.id], ["chargehand[bot]", "77"]);
    },
    { login: { app: { id: "42", private_key: PEM } } },
  );
});

test("a key that is none is told without showing it", async () => {
  const login = { app: { id: "42", private_key: "not-a-key" } };
  await assert.rejects(
    staged({}, async () => undefined, { login }),
    (error: Error) => !error.message.includes("not-a-key"),
  );
});

test("I12: each token is told before it is used, and what a host sends back of it stands in no reason", async () => {
  const told: string[] = [];
  const routes: Routes = {
    ...app([]),
    "POST /graphql": ({ headers }) => {
      const [, token = ""] = String(headers["authorization"]).split(" ");
      assert.deepEqual(told, [token]);
      return { status: 200, body: { errors: [{ type: "FORBIDDEN", message: `no ${token} here` }] } };
    },
  };
  await staged(
    routes,
    async ({ github }) => {
      const refused = await github.tell.resolve("acme/shop", 12, "T1");
      assert.deepEqual(refused.kind === "refused" && refused.reason, "GitHub answered: no [secret] here");
    },
    { login: { app: { id: "42", private_key: PEM } }, secret: (one) => told.push(one) },
  );
});

test("an App that was installed anew is found by its new number", async () => {
  let number = 9;
  const routes: Routes = {
    ...app([]),
    "GET /repos/acme/shop/installation": () => ({ status: 200, body: { id: number } }),
  };
  await staged(
    routes,
    async ({ github }) => {
      const item = { place: "acme/shop", id: "7" };
      assert.equal((await github.ask.blockers(item)).kind, "ok", "nothing is known of a place that is gone");
      number = 1;
      assert.ok((await github.ask.item(item)).kind === "ok");
      const found = await github.ask.item(item);
      assert.ok(found.kind === "ok" && found.value !== null);
    },
    { login: { app: { id: "42", private_key: PEM } } },
  );
});
