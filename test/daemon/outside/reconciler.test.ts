/** What of a configuration is asked, and how often. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { placesOf } from "../../../daemon/outside/reconciler.ts";
import type { Watcher } from "../../../reconciler/ports.ts";
import { project } from "../../handlers/project.ts";

const watcher: Watcher = { look: async () => [] };
const WATCHERS = new Map([
  ["github", watcher],
  ["plane", watcher],
]);

test("A13: a repository of several projects is one place, asked as often as its source says", () => {
  const projects = [
    project({ name: "shop", repo: "acme/shop", trackers: { plane: "p1" } }),
    project({ name: "till", repo: "Acme/Shop", trackers: {} }),
    project({ name: "own", repo: null, trackers: {} }),
  ];
  const sources = { github: { poll: 60_000, token: "t" }, plane: { secret: ["plane_wh_x"] } };
  const places = placesOf({ sources, projects }, WATCHERS);
  assert.deepEqual(
    places.map(({ source, name, everyMs, hears, projects: of }) => [
      ...[source, name, everyMs, hears],
      of.map((one) => one.name),
    ]),
    [
      ["github", "acme/shop", 60_000, false, ["shop", "till"]],
      ["plane", "p1", 600_000, true, ["shop"]],
    ],
  );
  assert.deepEqual(placesOf({ sources: {}, projects }, new Map()), []);
});
