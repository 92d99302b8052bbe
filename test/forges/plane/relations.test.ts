/** What a work item of Plane waits for. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createPlane } from "../../../forges/plane/plane.ts";
import { startPlane } from "../../proof/plane/start.ts";
import { common, served } from "../replies.ts";

test("It waits for those that block it and are open, as the community edition tells them", async (t) => {
  const server = await startPlane();
  t.after(() => server.close());
  const { people } = server;
  const [one, two, three, four] = ["a", "b", "c", "d"].map((name) =>
    people.create({ project: "SHOP", by: "ada", name }),
  );
  const where = { project: "SHOP", by: "ada", number: one?.sequence ?? 0 };
  for (const other of [two, three, four]) people.block({ ...where, on: other?.sequence ?? 0 });
  people.move({ ...where, number: three?.sequence ?? 0, state: "completed" });
  people.delete({ ...where, number: four?.sequence ?? 0 });
  const plane = createPlane({ ...common, apiUrl: server.url, token: server.token, workspace: "acme" });
  const place = server.project("SHOP").id;
  const ask = (id = "") => plane.ask.blockers({ place, id });
  assert.deepEqual(await ask(one?.id), { kind: "ok", value: [{ place, id: two?.id }] });
  assert.deepEqual(await ask(two?.id), { kind: "ok", value: [] }, "what it blocks it does not wait for");
  people.block({ ...where, on: two?.sequence ?? 0, isBlocked: false });
  assert.deepEqual(await ask(one?.id), { kind: "ok", value: [] });
  assert.deepEqual(server.violations, []);
});

test("The cloud names them by their ids alone, and an older Plane knows none; what is strange is no no", () => {
  const item = (id: string) => ({ id, name: id, state: "s1", updated_at: "2026-11-20T10:00:00Z" });
  let relations: unknown = { blocked_by: ["i-2", "i-3"] };
  return served(
    ({ url = "" }) => {
      if (url.includes("/states/"))
        return { status: 200, body: [{ id: "s1", name: "Todo", group: "unstarted" }] };
      if (url.includes("per_page=1")) return { status: 200, body: { results: [] } };
      if (url.includes("/relations/"))
        return relations === null ? { status: 404, body: {} } : { status: 200, body: relations };
      return url.includes("i-3") ? { status: 404, body: {} } : { status: 200, body: item("i-2") };
    },
    async (apiUrl) => {
      const plane = createPlane({ ...common, apiUrl, token: "plane_api_good", workspace: "acme" });
      const ask = () => plane.ask.blockers({ place: "p", id: "i-1" });
      assert.deepEqual(await ask(), { kind: "ok", value: [{ place: "p", id: "i-2" }] });
      relations = { blocked_by: [7] };
      assert.equal((await ask()).kind, "retry");
      relations = null;
      assert.deepEqual(await ask(), { kind: "ok", value: [] });
    },
  );
});
