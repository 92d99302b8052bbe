/** What is asked of Plane, and what its answers mean. */

import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import { createPlane } from "../../../forges/plane/plane.ts";
import { common, type Reply, served } from "../replies.ts";

const PROJECT = "22b6fc9c-1849-45da-b103-52a3e3a6b4c1";

function planeReply(request: IncomingMessage): Reply {
  if (request.headers["x-api-key"] !== "plane_api_good")
    return { status: 403, body: { detail: "Given API token is not valid" } };
  const path = new URL(request.url ?? "", "http://plane").pathname;
  const base = "/api/v1/workspaces/acme";
  if (!path.endsWith("/")) return { status: 404, body: "no trailing slash" };
  if (path === `${base}/members/`)
    return {
      status: 200,
      body: [
        { id: "u1", role: 20 },
        { id: "u2", role: 5 },
      ],
    };
  if (path === `${base}/projects/${PROJECT}/states/`)
    return { status: 200, body: { results: [{ id: "s1", name: "In Progress", group: "started" }] } };
  if (path === `${base}/projects/${PROJECT}/issues/`) return { status: 200, body: { results: [] } };
  if (path === `${base}/projects/${PROJECT}/issues/old/`)
    return { status: 200, body: { id: "old", name: "Old", description_html: "<p>x</p>", sequence_id: 9 } };
  if (path === `${base}/projects/${PROJECT}/issues/busy/`) {
    return {
      status: 429,
      body: { error_code: 5900, error_message: "RATE_LIMIT_EXCEEDED" },
      headers: { "retry-after": "12" },
    };
  }
  return { status: 404, body: { error: "The requested resource does not exist." } };
}

test("Plane: members, states and work items, with the older path as a fallback", () =>
  served(planeReply, async (apiUrl) => {
    const plane = createPlane({ ...common, apiUrl, token: "plane_api_good", workspace: "acme" });
    assert.deepEqual(await plane.members(), {
      kind: "ok",
      value: [
        { id: "u1", role: 20 },
        { id: "u2", role: 5 },
      ],
    });
    const states = await plane.states(PROJECT);
    assert.deepEqual(states.kind === "ok" && states.value[0]?.name, "In Progress");
    const item = await plane.workItem(PROJECT, "old");
    assert.deepEqual(item, {
      kind: "ok",
      value: { id: "old", name: "Old", descriptionHtml: "<p>x</p>", sequenceId: 9 },
    });
    assert.equal((await plane.workItem(PROJECT, "gone")).kind, "refused");
    const busy = await plane.workItem(PROJECT, "busy");
    assert.deepEqual([busy.kind, busy.kind === "retry" && busy.afterMs], ["retry", 12_000]);
    const refused = await createPlane({ ...common, apiUrl, token: "expired", workspace: "acme" }).members();
    assert.equal(refused.kind, "refused");
  }));
