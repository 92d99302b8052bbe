/**
 * How long a run has run, and for how long it has been silent, as whoever comes to it finds out. Pure.
 *
 * N1. A row knows moments of the calendar, which people and time servers set: one that was set forward by a day would
 *     end every run that is adopted afterwards. The kernel knows how old the process is, whatever the calendar says.
 * N2. The younger of the two ages counts: a process that waited at its start gate is older than its run, and a run
 *     that is ended a little late has lost nothing.
 */

interface Known {
  /** Calendar times (ms). */
  readonly now: number;
  readonly startedAt: number;
  readonly activeAt: number;
  /** By the kernel's clock, in ms; `null` where it cannot tell. */
  readonly processAgeMs: number | null;
}

export interface Spans {
  /** Since the real start, and since the last output. */
  readonly ranMs: number;
  readonly silentMs: number;
}

/** Spans in ms, never negative. */
export function spansOf({ now, startedAt, activeAt, processAgeMs }: Known): Spans {
  const byCalendar = { ranMs: Math.max(0, now - startedAt), silentMs: Math.max(0, now - activeAt) };
  if (processAgeMs === null) return byCalendar;
  const ranMs = Math.min(byCalendar.ranMs, processAgeMs);
  // So long after the start it spoke for the last time. The calendar may have been set between the two as well: then
  // this is too long, and the silence too short.
  const spokeMs = activeAt - startedAt;
  return { ranMs, silentMs: Math.min(ranMs, Math.max(0, ranMs - spokeMs)) };
}
