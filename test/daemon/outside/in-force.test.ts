/** Who can be told something, as the configuration in force has it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { makeOutsideInForce } from "../../../daemon/outside/in-force.ts";
import type { AnyKit } from "../../../handlers/sources.ts";
import { KITS } from "../../../handlers/sources.ts";
import { heardLog } from "../../handlers/hand-moved.ts";
import { project } from "../../handlers/project.ts";
import { memoryForge } from "../../notifier/outside/tracker.ts";
import { PLAIN_CONFIG } from "../config/plain-config.ts";

const [github] = KITS.filter(({ name }) => name === "github");

function scene() {
  const log = heardLog();
  let connected = 0;
  const kit: AnyKit = {
    ...(github ?? assert.fail("there is no such kit")),
    connect: (settings) => {
      connected += 1;
      return (settings as { token?: string }).token === undefined ? null : {};
    },
    tells: () => ({ tracker: memoryForge().forge, forge: memoryForge().forge }),
  };
  const settings = (token?: string) => ({
    github: { secret: ["s"], api_url: "https://api.github.com", ...(token !== undefined && { token }) },
  });
  const inForce = { config: { ...PLAIN_CONFIG, projects: [project()], sources: settings("t") } };
  const net = { http: { request: () => assert.fail("nobody is asked") }, clock: { now: () => 0 } };
  const outside = makeOutsideInForce(inForce, net as never, log, [kit]);
  return { inForce, outside, log, settings, connected: () => connected };
}

test("a source with a token can be told something, and its client outlives a reload that does not concern it", () => {
  const { inForce, outside, connected } = scene();
  const first = outside();
  assert.deepEqual([...first.trackers.keys(), ...first.forges.keys()], ["github", "github"]);
  assert.equal(outside(), first, "the same as long as nothing has changed");
  inForce.config = { ...inForce.config, projects: [project({ name: "mill" })] };
  const second = outside();
  assert.notEqual(second, first);
  assert.equal(second.trackers, first.trackers);
  assert.deepEqual([[...second.projects.keys()], connected()], [["mill"], 1]);
});

test("a source without a token is told nothing, which is said once", () => {
  const { inForce, outside, log, settings } = scene();
  inForce.config = { ...inForce.config, sources: settings() };
  assert.equal(outside().trackers.size, 0);
  inForce.config = { ...inForce.config, projects: [] };
  outside();
  assert.equal(log.lines.filter(({ event }) => event === "outside.silent").length, 1);
});

test("a branch is linked where the forge shows it, whatever stands in its name", () => {
  const { outside } = scene();
  const shop = outside().projects.get("shop");
  assert.equal(shop?.forge, "github");
  assert.equal(
    shop?.branchUrl("chargehand/SHOP-1-a(b)"),
    "https://github.com/acme/shop/tree/chargehand/SHOP-1-a%28b%29",
  );
});
