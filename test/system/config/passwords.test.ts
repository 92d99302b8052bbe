/** Passwords that stand within other values of the configuration. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { passwordsIn } from "../../../system/config/passwords.ts";

for (const [text, passwords] of [
  ["postgres://chargehand:s3cret@db/x", ["s3cret"]],
  ["postgres://chargehand:s3:cr@t@db/x", ["s3:cr@t"]],
  ["postgres://chargehand:s3%40cret%2F1@db/x", ["s3%40cret%2F1", "s3@cret/1"]],
  ["postgres://:s3cret%zz@db", ["s3cret%zz"]],
  ["postgres://db/x?user=u&password=s3cret&sslmode=require", ["s3cret"]],
  ["host=db user=u password='s3 cret' dbname=x", ["s3 cret"]],
  ["Server=db;Pwd=s3cret;Timeout=5", ["s3cret"]],
  ["--url=https://x-token:ghp_1@host/x --api-key=k-12345", ["ghp_1", "k-12345"]],
  ["https://ghp_alone@github.com/acme/shop.git", ["ghp_alone"]],
  ["ssh://git@host/x git@host:x ssh://deploy@host/x", []],
  ["https://git@host/x https://host/x?max_tokens=8192&auth_mode=none", []],
  ["mail me@example.org: token= is empty", []],
] as const)
  test(`I12: of ${JSON.stringify(text)} ${passwords.length === 0 ? "nothing" : "the password"} is a secret`, () => {
    assert.deepEqual(passwordsIn(text), passwords);
  });
