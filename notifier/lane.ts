/** Makes the calls that are owed to one host, one after another, while something is due and the host is well. */

import type { OutboxCall } from "../workflow/outbox.ts";
import { afterFailure, type Health, judgeTry } from "./judge.ts";
import type { OutboxPorts, Sender, Sent } from "./ports.ts";

/** Rows that are read at once. */
const STEP_ROWS = 20;

export interface LanePorts extends Pick<OutboxPorts, "store" | "clock" | "chance" | "log" | "senders"> {
  /** By host, of those that have failed since they last answered well. */
  readonly health: Map<string, Health>;
  /** A call was given up. */
  readonly died: () => void;
}

/** @throws StoreFault when what has become of a call cannot be written down; then it is made again later */
export async function workLane(
  ports: LanePorts,
  host: string,
  targets: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, health, senders } = ports;
  const rests = (): boolean => (health.get(host)?.restsUntil ?? 0) > clock.monotonic();
  for (const target of targets) {
    for (let more = true; more; ) {
      const calls = await store.outbox.due(target, clock.now(), STEP_ROWS);
      more = calls.length === STEP_ROWS;
      for (const call of calls) {
        // Asked anew for each: a reload may have put another in its place.
        const sender = senders().get(target);
        if (signal.aborted || sender === undefined || sender.host !== host || rests()) return;
        await makeCall(ports, sender, call);
      }
    }
  }
}

async function makeCall(ports: LanePorts, sender: Sender, call: OutboxCall): Promise<void> {
  const { store, clock, chance, log } = ports;
  const { outbox } = store;
  if (!(await outbox.begin(call, clock.now()))) return;
  const sent = shown(await sendBy(sender, call), log.redactor.redact);
  noteHealth(ports, sender.host, sent);
  const begun = { id: call.id, tries: call.tries + 1 };
  const verdict = judgeTry(call, sent, clock.now(), chance.fraction());
  const about = { call: call.id, target: call.target, kind: call.kind, tries: begun.tries };
  switch (verdict.kind) {
    case "sent":
      await outbox.sent(call.id, clock.now());
      log.debug({ event: "outbox.sent", ...about });
      return;
    case "put_off": {
      const { error, dueAt, isUnsure } = verdict;
      await outbox.putOff(begun, error, dueAt, isUnsure);
      log.info({ event: "outbox.put_off", ...about, reason: error, wait_ms: dueAt - clock.now() });
      return;
    }
    case "bury":
      if (await outbox.bury(begun, verdict.error, clock.now()))
        log.error({ event: "outbox.dead", ...about, reason: verdict.error });
      ports.died();
      return;
    default:
      verdict satisfies never;
  }
}

/** Reasons are stored and shown. */
function shown(sent: Sent, redact: (text: string) => string): Sent {
  return sent.kind === "sent" ? sent : { ...sent, reason: redact(sent.reason) };
}

/** A sender that throws has a defect in it, which keeps no other call waiting. */
async function sendBy(sender: Sender, call: OutboxCall): Promise<Sent> {
  try {
    return await sender.send(call);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { kind: "failed", reason: `it could not be sent, by a defect: ${said}`, fault: "call" };
  }
}

/** A host that answers, whatever it says to this call, is well. */
function noteHealth({ health, clock, chance, log }: LanePorts, host: string, sent: Sent): void {
  const before = health.get(host);
  if (sent.kind !== "failed" || sent.fault !== "host") {
    if (health.delete(host)) log.info({ event: "outbox.host_well", host, failures: before?.failures ?? 0 });
    return;
  }
  const moment = { now: clock.now(), monotonic: clock.monotonic() };
  const after = afterFailure(before, sent, moment, chance.fraction());
  health.set(host, after);
  const restMs = after.restsUntil - moment.monotonic;
  if (restMs > 0) log.warn({ event: "outbox.host_rests", host, rest_ms: restMs, reason: sent.reason });
}
