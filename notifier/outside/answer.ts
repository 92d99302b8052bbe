/** What an answer of a forge or tracker means for the call that it was given to. Pure. */

import type { Answer, Refused } from "../../forges/api/answer.ts";
import type { Sent } from "../ports.ts";

/** A token that is wrong is wrong for everybody; somebody will put another in its place. */
const AUTH_MS = 10 * 60_000;

export function sentOf(answer: Answer<unknown>, source: string): Sent {
  switch (answer.kind) {
    case "ok":
      return { kind: "sent" };
    case "retry": {
      const { reason, fault, afterMs } = answer;
      return { kind: "failed", reason, fault, afterMs };
    }
    case "unreachable": {
      const { reason, neverSent } = answer;
      return { kind: "failed", reason, fault: "host", ...(neverSent && { neverSent }) };
    }
    case "refused": {
      const reason = refusalText(answer, source);
      return answer.because === "auth"
        ? { kind: "failed", reason, fault: "host", afterMs: AUTH_MS }
        : { kind: "refused", reason };
    }
    default:
      return answer satisfies never;
  }
}

/** With what a person can do. */
export function refusalText({ because, reason }: Refused, source: string): string {
  return `${reason}; ${remedies(source)[because]}`;
}

function remedies(source: string): Readonly<Record<Refused["because"], string>> {
  const again = "then: chargehand outbox retry ID";
  return {
    auth: `put a token that is good into sources.${source}.token`,
    permission: `give the token of sources.${source} the right to do this (docs/forges.md), or turn it off under the project's tell; ${again}`,
    missing: `it is gone, or the token of sources.${source} may not see it; ${again}`,
    invalid: `look at what the project's tell names, such as a label or a state; ${again}`,
    conflict: again,
    state: `open it again, or leave it so; ${again}`,
  };
}
