/**
 * The field's own library for what Prometheus reads, loaded when somebody asks for the first time: a daemon that nobody
 * measures does not pay for it. Of its parts those alone that are needed: as a whole it takes 9 MB and 350 ms, because
 * of what it would push to others; these take 1 MB. Its version is exact, because these paths are no promise of its.
 */

import { createRequire } from "node:module";
import type { Counter, Gauge, Histogram, Registry } from "prom-client";

export interface Library {
  readonly Registry: new () => Registry;
  readonly Counter: typeof Counter;
  readonly Gauge: typeof Gauge;
  readonly Histogram: typeof Histogram;
}

const require = createRequire(import.meta.url);

export function loadLibrary(): Library {
  return {
    Registry: require("prom-client/lib/registry") as Library["Registry"],
    Counter: require("prom-client/lib/counter") as Library["Counter"],
    Gauge: require("prom-client/lib/gauge") as Library["Gauge"],
    Histogram: require("prom-client/lib/histogram") as Library["Histogram"],
  };
}
