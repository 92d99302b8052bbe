/** Who asks: whoever has the token by any name, and the rooms of the daemon by the one that they have found out. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ASKER, askerOf } from "../../handlers/asker.ts";

test("over the network it is a name that is believed, made harmless", () => {
  for (const env of [undefined, {}])
    assert.deepEqual(askerOf({ env }, " Ada\u202e\n"), { by: { kind: "api", name: "Ada" }, key: null });
  assert.deepEqual(askerOf({ env: {} }).by, { kind: "api", name: "operator" });
});

test("K1: what a room says is kept under a symbol, which no text can name", () => {
  const asker = { by: { kind: "chat", name: "ada" }, key: "chat:telegram:1:7" } as const;
  assert.deepEqual(askerOf({ env: { [ASKER]: asker } }, "mallory"), asker);
  const forged = JSON.parse(JSON.stringify({ asker, ASKER: asker, "Symbol(asker)": asker }));
  assert.equal(askerOf({ env: forged }, "mallory").by.name, "mallory");
});
