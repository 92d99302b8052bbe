/** The registry of the names that are documented, with short ways to set them. */

import type { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Library } from "./library.ts";
import {
  COUNTERS,
  type CounterName,
  type Described,
  GAUGES,
  type GaugeName,
  HISTOGRAMS,
  type HistogramName,
} from "./names.ts";

export type Labels = Readonly<Record<string, string>>;

export interface Meters {
  /** Takes the values of all gauges away: what is not there any more is not shown. */
  clear(): void;
  /** What is set twice since then (`other` may be several) is the sum. */
  set(name: GaugeName, value: number, labels?: Labels): void;
  add(name: CounterName, value: number, labels?: Labels): void;
  /** Of a counter that somebody else counts. */
  total(name: CounterName, value: number): void;
  observe(name: HistogramName, value: number, labels: Labels): void;
  text(): Promise<string>;
}

export function createMeters({ Registry: Registers, Counter, Gauge, Histogram }: Library): Meters {
  const registry: Registry = new Registers();
  const described = (name: string, { help, labels = [] }: Described) => {
    return { name, help, labelNames: [...labels], registers: [registry] };
  };
  const make = <T>(table: Readonly<Record<string, Described>>, one: (name: string, of: Described) => T) =>
    new Map(Object.entries(table).map(([name, of]) => [name, one(name, of)] as const));
  const gauges = make<Gauge>(GAUGES, (name, of) => new Gauge(described(name, of)));
  const counters = make<Counter>(COUNTERS, (name, of) => new Counter(described(name, of)));
  const histograms = make<Histogram>(
    HISTOGRAMS,
    (name, of) => new Histogram({ ...described(name, of), buckets: [...(of.buckets ?? [])] }),
  );
  return {
    clear: () => {
      for (const gauge of gauges.values()) gauge.reset();
    },
    set: (name, value, labels = {}) => gauges.get(name)?.inc({ ...labels }, value),
    add: (name, value, labels = {}) => counters.get(name)?.inc({ ...labels }, value),
    total: (name, value) => {
      counters.get(name)?.reset();
      counters.get(name)?.inc(value);
    },
    observe: (name, value, labels) => histograms.get(name)?.observe({ ...labels }, value),
    text: () => registry.metrics(),
  };
}
