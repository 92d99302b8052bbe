/**
 * `GET /metrics`: what Prometheus reads. The same token as for everything on the admin side.
 *
 * Level-triggered like all else: each look reads what is stored. Nobody has to say what they have done, so nothing is
 * counted twice and nothing is forgotten; after a restart counters begin anew, which Prometheus understands.
 */

import type { MeasuredDelivery, MeasuredRun } from "../../../store/told/metrics.ts";
import type { ApiOptions } from "../base.ts";
import { begin, count } from "./count.ts";
import { type Follower, follow } from "./follow.ts";
import { gauge } from "./gauge.ts";
import { loadLibrary } from "./library.ts";
import { createMeters, type Meters } from "./registry.ts";

/** As the text format is called (version 0.0.4). */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

interface Measure {
  readonly meters: Meters;
  readonly deliveries: Follower<MeasuredDelivery>;
  readonly runs: Follower<MeasuredRun>;
}

/** One look after another: two at once would count the same twice. @returns the whole page; rejects by StoreFault */
export function metricsOf(options: ApiOptions): () => Promise<string> {
  const { store } = options;
  let measure: Measure | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const page = async (): Promise<string> => {
    measure ??= {
      meters: begin(options, createMeters(loadLibrary())),
      ...{ deliveries: follow(store.metrics.deliveries), runs: follow(store.metrics.runs) },
    };
    const { meters, deliveries, runs } = measure;
    await count(options, meters, { deliveries, runs });
    await gauge(options, meters);
    return meters.text();
  };
  return () => {
    const next = last.then(page, page);
    last = next.catch(() => undefined);
    return next;
  };
}
