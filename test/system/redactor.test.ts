/** What takes known secrets out of what others say. */

import assert from "node:assert/strict";
import test from "node:test";
import { createRedactor } from "../../system/redactor.ts";

const TOKEN = "ghp_A1b2+C3d4/E5f6==x";
const QUOTED = 's3cret"with\\odd\nspelling';

test("I12: a known secret is taken out as it is, in JSON, in a URL and in base64 wherever it begins", () => {
  const { redact } = createRedactor([TOKEN, QUOTED]);
  for (const secret of [TOKEN, QUOTED]) {
    const spelled = [secret, JSON.stringify({ a: secret }), `https://x:${encodeURIComponent(secret)}@host`];
    for (const before of ["", "u", "us", "usr", "x-access-token:"])
      for (const after of ["", "\n", ":more"]) {
        const text = Buffer.from(`${before}${secret}${after}`);
        spelled.push(`Basic ${text.toString("base64")}`, text.toString("base64url"));
      }
    for (const text of spelled) {
      assert.match(redact(text), /\[secret\]/, text);
      assert.ok(!redact(text).includes(secret), text);
    }
  }
  assert.equal(redact("nothing of the kind"), "nothing of the kind");
});

test("I12: what is learnt later is taken out as well, what was known stays known, and what is too short for a secret is left", () => {
  const redactor = createRedactor(["first-secret", "let", ""]);
  redactor.learn(["first-secret-and-more", "second.secret"]);
  assert.equal(
    redactor.redact("first-secret first-secret-and-more second.secret secondXsecret let"),
    "[secret] [secret] [secret] secondXsecret let",
  );
});

test("I12: bytes keep their number, and a text of many megabytes is done in a moment", () => {
  const redactor = createRedactor([TOKEN]);
  const bytes = Buffer.from(`ü ${TOKEN} and ${TOKEN}\n`);
  const masked = Buffer.from(redactor.mask(Buffer.from(bytes)));
  assert.equal(masked.toString(), `ü ${"*".repeat(TOKEN.length)} and ${"*".repeat(TOKEN.length)}\n`);
  assert.equal(masked.length, bytes.length);
  assert.ok(redactor.reach() >= TOKEN.length);
  const long = `${"ghp_A1b2+C3d4 ".repeat(1_000_000)}${TOKEN}`;
  const begun = process.cpuUsage();
  assert.ok(redactor.redact(long).endsWith("[secret]"));
  assert.ok(process.cpuUsage(begun).user < 2_000_000);
});

test("I12: a short secret is taken out where it stands alone, and never out of the middle of words", () => {
  const redactor = createRedactor(["hunt", "a+b=c"]);
  for (const [said, told] of [
    ["hunt", "[secret]"],
    ["postgres://u:hunt@db", "postgres://u:[secret]@db"],
    ['"hunt", (hunt) hunt_2', '"[secret]", ([secret]) [secret]_2'],
    ["hunter shunt HUNT", "hunter shunt HUNT"],
    ["xa+b=c a+b=c", "xa+b=c [secret]"],
  ] as const) {
    assert.equal(redactor.redact(said), told);
    const masked = Buffer.from(redactor.mask(Buffer.from(said))).toString();
    assert.equal(masked.length, said.length);
    assert.equal(masked.replaceAll(/\*+/g, "[secret]"), told);
  }
});

test("I12: secrets of an hour are taken out, and of many the newest are known", () => {
  const redactor = createRedactor(["lasting-secret"]);
  for (let at = 0; at < 1_000; at++) redactor.learnPassing(`ghs_passing_${at}`);
  assert.equal(redactor.redact("ghs_passing_999 lasting-secret"), "[secret] [secret]");
  assert.equal(
    redactor.redact("ghs_passing_1;"),
    "ghs_passing_1;",
    "the rows of patterns do not grow for ever",
  );
});
