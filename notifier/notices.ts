/**
 * Looks for what wants a person and was told to nobody yet: holds that somebody has to end, calls that were given up,
 * trouble of this daemon. What a decision finds out is no matter here: it gives its notice with its change.
 *
 * N1. Level-triggered: what is so is told once, as an event with a key, whoever finds it, also after a crash.
 * N2. A hold that lasts until somebody acts is told once for as long as it lasts; one that comes and goes by itself,
 *     and what was given up, once a day.
 * N3. That calls were given up is told past the target that they were for, and of such a notice nothing is told again.
 */

import type { GivenUp } from "../store/outbox.ts";
import { HOLDS, type WideHold } from "../workflow/hold.ts";
import { type Notice, type NoticeKind, noticeCall } from "../workflow/outbox.ts";
import type { NoticeSubject } from "../workflow/subject.ts";
import type { OutboxPorts, Trouble } from "./ports.ts";

/** Trouble that is over sooner was none for a person. */
const LASTS_MS = 60_000;
const DEAD: NoticeKind = "outbox.dead";

export interface Notices {
  /** Tells what is to be told. */
  look(): Promise<void>;
  /** Calls were given up. */
  haveDied(): void;
}

type Ports = Pick<OutboxPorts, "store" | "clock" | "log" | "troubles" | "machine">;

export function createNotices(ports: Ports): Notices {
  const { store } = ports;
  /** Of this daemon's life, so that nothing is written at each look; who wrote what is in the database. */
  const told = new Set<string>();
  const troubled = new Map<string, number>();
  // An earlier daemon may have given something up and told nobody.
  let areDead = true;
  return {
    async look(): Promise<void> {
      for (const hold of await store.holds.wide())
        if (HOLDS[hold.kind].wantsPerson === true) await tellHold(ports, told, hold);
      await tellTroubles(ports, told, troubled);
      if (!areDead) return;
      areDead = false;
      try {
        for (const given of await store.outbox.givenUp(DEAD)) await tellDead(ports, told, given);
      } catch (error) {
        areDead = true;
        throw error;
      }
    },
    haveDied(): void {
      areDead = true;
    },
  };
}

function daemonOf({ machine }: Ports): NoticeSubject {
  return { kind: "daemon", name: machine };
}

async function tellHold(ports: Ports, told: Set<string>, hold: WideHold): Promise<void> {
  const { scope, subject, kind, since, until, reason, remedy } = hold;
  const { what, about } = closed(hold, daemonOf(ports));
  const key = `${what} ${kind} ${until === null ? since : dayOf(ports.clock.now())}`;
  await tellOnce(ports, told, about, key, {
    kind: scope === "project" || scope === "all" ? "project.closed" : "account.closed",
    project: scope === "project" ? subject : null,
    message: `${what} is closed`,
    reason,
    remedy,
  });
}

/** What a hold lies on, for people, and whose history tells of it: the daemon's for what has none of its own. */
function closed(
  { scope, subject }: WideHold,
  daemon: NoticeSubject,
): { readonly what: string; readonly about: NoticeSubject } {
  switch (scope) {
    case "all":
      return { what: "everything", about: daemon };
    case "repo":
      return { what: `repository ${subject}`, about: daemon };
    case "agent":
      return { what: `agent profile ${subject}`, about: daemon };
    case "account":
    case "project":
      return { what: `${scope} ${subject}`, about: { kind: scope, name: subject } };
  }
}

/** N3. */
function tellDead(ports: Ports, told: Set<string>, { target, calls, lastAt }: GivenUp): Promise<void> {
  const were = calls === 1 ? "1 call to the outside was" : `${calls} calls to the outside were`;
  return tellOnce(ports, told, daemonOf(ports), `dead ${target} ${dayOf(lastAt)}`, {
    kind: DEAD,
    project: null,
    message: `${were} given up: ${target}`,
    reason: null,
    remedy: "see: chargehand outbox list --status dead; then retry or drop them",
    except: target,
  });
}

async function tellTroubles(ports: Ports, told: Set<string>, troubled: Map<string, number>): Promise<void> {
  const { clock } = ports;
  const troubles = ports.troubles();
  for (const what of [...troubled.keys()])
    if (!troubles.some((trouble) => trouble.what === what)) troubled.delete(what);
  for (const trouble of troubles) {
    const since = troubled.get(trouble.what) ?? clock.monotonic();
    troubled.set(trouble.what, since);
    if (clock.monotonic() - since >= LASTS_MS) await tellTrouble(ports, told, trouble, since);
  }
}

async function tellTrouble(
  ports: Ports,
  told: Set<string>,
  { what, message, reason, remedy }: Trouble,
  since: number,
): Promise<void> {
  const mark = `${what} since ${since}`;
  if (told.has(mark)) return;
  const notice = { kind: "host.trouble", project: null, message, reason, remedy } as const;
  await tellOnce(ports, told, daemonOf(ports), `${what} ${ports.clock.now()}`, notice);
  told.add(mark);
}

/** N1. */
async function tellOnce(
  { store, clock, log }: Ports,
  told: Set<string>,
  subject: NoticeSubject,
  key: string,
  notice: Notice,
): Promise<void> {
  const mark = `${subject.kind} ${subject.name} ${key}`;
  if (told.has(mark)) return;
  const { kind, message, reason, remedy } = notice;
  const event = { kind, key, data: { message, reason, remedy } };
  if (await store.events.notice(subject, event, [noticeCall(notice)], clock.now()))
    log.debug({ event: "notice.given", kind, subject: subject.name });
  told.add(mark);
}

/** `2026-11-28`, in UTC. */
function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
