/** A configuration that says nothing but what it has to. */

import type { Config } from "../../../daemon/config/config.ts";

export const PLAIN_CONFIG: Config = {
  file: "/etc/chargehand.yaml",
  dataDir: "/data",
  database: "sqlite",
  server: {
    webhooks: { host: "127.0.0.1", port: 8787 },
    admin: { host: "127.0.0.1", port: 8788 },
    bodyLimit: 1_000,
  },
  limits: { concurrency: 3, memoryFloor: 0, run: { memory: null, tasks: null, cpus: null } },
  isolation: "none",
  sources: {},
  accounts: [],
  agents: {},
  prices: new Map(),
  projects: [],
  shutdown: "detach",
  logLevel: "info",
};
