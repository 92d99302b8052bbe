/** The configuration in force: whoever holds a map of it sees the new one, and runs keep their project. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createInForce } from "../../../daemon/config/in-force.ts";
import { project } from "../../handlers/project.ts";
import { PLAIN_CONFIG } from "./plain-config.ts";

const SHOP = project();
const MILL = project({ name: "mill" });

test("Q2, Q3: maps that were handed out hold the new configuration; a project that left is still known to its runs", () => {
  const inForce = createInForce({ ...PLAIN_CONFIG, projects: [SHOP, MILL] });
  const { projects, everKnown } = inForce;
  const busier = { ...SHOP, concurrency: 7 };
  const next = { ...PLAIN_CONFIG, projects: [busier] };
  inForce.replace(next);
  assert.equal(inForce.config, next);
  assert.deepEqual([...projects], [["shop", busier]]);
  assert.deepEqual([everKnown.get("shop"), everKnown.get("mill")], [busier, MILL]);
});

test("who works by the old configuration hears that it was replaced, after the new one is there", () => {
  const inForce = createInForce({ ...PLAIN_CONFIG, projects: [SHOP] });
  const { replaced } = inForce;
  let seen: readonly string[] = [];
  replaced.addEventListener("abort", () => {
    seen = [...inForce.projects.keys()];
  });
  inForce.replace({ ...PLAIN_CONFIG, projects: [MILL] });
  assert.deepEqual([replaced.aborted, inForce.replaced.aborted, seen], [true, false, ["mill"]]);
});
