/** What an answer that is none of success means to whoever sets up. */

import type { Answer, Refused } from "../../forges/api/answer.ts";
import { type Finding, fail, warn } from "./finding.ts";

const REMEDIES: Readonly<Record<Refused["because"], string>> = {
  auth: "make a new token there, and put it where sources.*.token points",
  permission: "give the token the permission that is missing",
  missing: "correct its name, or let the token see it",
  invalid: "see that api_url leads to the API of this kind of host",
  conflict: "look at it there",
  state: "look at it there",
};

/** @param what is asked for, as the beginning of a sentence: `the token cannot be tried` */
export function troubleOf(what: string, answer: Exclude<Answer<unknown>, { kind: "ok" }>): Finding {
  const says = `${what}: ${answer.reason}`;
  switch (answer.kind) {
    case "refused":
      return fail(says, REMEDIES[answer.because]);
    case "retry":
      return warn(says, "try again later; the daemon does so by itself");
    case "unreachable":
      return fail(says, "see that this machine reaches the host; proxies are taken from https_proxy");
    default:
      return answer satisfies never;
  }
}
