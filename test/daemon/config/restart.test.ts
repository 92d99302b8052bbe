/** What of a new configuration waits for a restart. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Config } from "../../../daemon/config/config.ts";
import { CONFIG_PARTS } from "../../../daemon/config/config.ts";
import { mergeConfig } from "../../../daemon/config/restart.ts";
import { PLACES } from "../../../system/config/part.ts";
import { fieldsOf } from "../../../system/config/tree.ts";
import { PLAIN_CONFIG as CONFIG } from "./plain-config.ts";

test("L2: a merged configuration has the bound things of the old one and everything else of the new one", () => {
  const wanted: Config = {
    ...CONFIG,
    dataDir: "/other",
    server: { ...CONFIG.server, admin: { host: "0.0.0.0", port: 8788 }, bodyLimit: 2_000 },
    limits: { ...CONFIG.limits, concurrency: 1, memoryFloor: 1_024 },
    isolation: "scope",
    shutdown: "drain",
  };
  const { config, refused } = mergeConfig(CONFIG, wanted);
  assert.deepEqual(refused, ["data_dir", "isolation", "server.admin"]);
  assert.deepEqual(config, {
    ...wanted,
    dataDir: "/data",
    isolation: CONFIG.isolation,
    server: { ...CONFIG.server, bodyLimit: 2_000 },
  });
  assert.deepEqual(mergeConfig(CONFIG, { ...CONFIG }), { config: CONFIG, refused: [] });
});

test("only keys that are there once can wait for a restart, and each names the field that is made of it", () => {
  for (const { keys } of CONFIG_PARTS) {
    for (const place of PLACES) {
      const { shape = {}, restart = {} } = keys[place] ?? {};
      for (const [key, field] of Object.entries(restart)) {
        assert.ok(!/[*[]/.test(place), `${place}.${key} is one of many`);
        assert.ok(key in shape, `${place} has no key ${key}`);
        const made = place === "" ? CONFIG : fieldsOf(fieldsOf(CONFIG)[place]);
        assert.ok(field in made, `nothing makes ${field} of ${key}`);
      }
    }
  }
});
