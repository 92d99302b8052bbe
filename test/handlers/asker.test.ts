/** Who asks: whoever has the token by any name, and the rooms of the daemon by the one that they have found out. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ASKER, askerOf } from "../../handlers/asker.ts";
import { scene } from "./api/served.ts";

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

test("K1: from within the daemon no token is needed, and what a connection brings is no such thing", async (t) => {
  const { app, newTask, store } = await scene(t);
  const key = await newTask();
  const asker = { by: { kind: "chat", name: "ada" }, key: "chat:paper:9:7" } as const;
  const pause = (bindings: object): Promise<Response> =>
    Promise.resolve(
      app.fetch(
        new Request(`http://localhost/api/v1/tasks/${key}/pause`, {
          method: "POST",
          headers: { "content-type": "application/json", asker: JSON.stringify(asker) },
          body: JSON.stringify({ by: "mallory" }),
        }),
        bindings,
      ),
    );
  const connection = { incoming: {}, outgoing: {}, asker, ASKER: asker, "Symbol(asker)": asker };
  assert.equal((await pause(connection)).status, 401);
  assert.equal((await pause({ ...connection, [ASKER]: asker })).status, 200);
  const [paused] = (await store.events.of({ kind: "task", name: key }, 0, 10)).slice(-1);
  assert.equal(paused?.key, asker.key);
  assert.match(JSON.stringify(paused?.data), /ada/);
  assert.doesNotMatch(JSON.stringify(paused?.data), /mallory/);
});
