/**
 * What Gemini CLI says about a run that failed: `error` of its `result` line, or the line before it.
 *
 * G1. Only the program's own reports are read: the `result` line, its `error` lines, and its notices of another try on
 *     stderr. What the model said and tools printed is in other lines, and means nothing here.
 * G2. Order of evidence: the name the program gives the error, the body of the service's answer where it is quoted,
 *     then the service's sentence. The exit code, which is the HTTP status & 255, decides what none of them does.
 * G3. "Exceeded your current quota" is said of a limit per minute, too, and then with the time to come back. Only a
 *     quota that is "exhausted" is a usage limit; there is no field that says so.
 */

import type { FailureClass } from "../../workflow/faults.ts";
import { judgeApiError } from "../api-error.ts";
import type { Ending } from "../backend.ts";
import { numberAt, objectAt, parseFields, textAt } from "../dialect/fields.ts";
import { classOfStatus } from "../http-status.ts";
import { waitAsked } from "../reset.ts";
import { type Failure, failed } from "../terminal.ts";

/**
 * @param name what the program calls the error, such as `FatalTurnLimitedError`; `unknown` for most
 * @returns the class `agent_error` where nothing tells more
 */
export function judgeGeminiError(name: string, message: string): Failure {
  const failure = NAMES.get(name) ?? byText(message) ?? byBody(message) ?? "agent_error";
  const reason = message === "" ? "gemini failed, and does not say why" : message;
  return { ...failed(failure, reason), retryAfterMs: waitAsked(failure, message) };
}

const NAMES: ReadonlyMap<string, FailureClass> = new Map<string, FailureClass>([
  ["FatalTurnLimitedError", "turn_limit"],
  ["FatalAuthenticationError", "auth"],
  ["FatalUntrustedWorkspaceError", "policy"],
  ["FatalSandboxError", "policy"],
  ["FatalConfigError", "policy"],
  ["FatalCancellationError", "interrupted"],
]);

function byText(message: string): FailureClass | null {
  return TEXTS.find(([, pattern]) => pattern.test(message))?.[0] ?? null;
}

const TEXTS: readonly (readonly [FailureClass, RegExp])[] = [
  ["usage_limit", /\byou have exhausted your (daily quota|capacity)\b|\byour quota will reset after\b/i],
  ["rate_limit", /\bplease retry in \d/i],
  ["billing", /\byou exceeded your current quota\b/i],
  ["auth", /\bAPI_KEY_INVALID\b|\bAPI key not valid\b/],
  ["overloaded", /\bmodel is overloaded\b/i],
  ["model_unavailable", /\bis not found for API version\b/],
  ["context_overflow", /\bexceeds the maximum number of tokens\b/i],
  ["network", /\bfetch failed\b|\bterminated\b|\b(ECONN|ENOTFOUND|ETIMEDOUT|EAI_AGAIN)|\bsocket hang up\b/],
  ["server_error", /\bIncomplete JSON segment\b/],
  ["runaway", /^Loop detected\b/],
  ["turn_limit", /^Maximum session turns exceeded\b/],
];

/** The answer of the service, where the program quotes it: "[API Error: {…}]". */
function byBody(message: string): FailureClass | null {
  const body = message.slice(Math.max(0, message.indexOf("{")), message.lastIndexOf("}") + 1);
  const fields = parseFields(body);
  if (fields === null) return null;
  const status = numberAt(objectAt(fields, "error") ?? fields, "code");
  const said = textAt(objectAt(fields, "error") ?? fields, "message") ?? "";
  return judgeApiError({ status, body, message: said, headers: {}, at: null }).failure;
}

/** The class that an exit code tells, as far as it tells one. */
export function classOfExit({ exitCode }: Ending): FailureClass | null {
  if (exitCode === null) return null;
  return EXITS.get(exitCode) ?? (exitCode > 143 ? classOfStatus(exitCode + 256) : null);
}

/** Its own codes are small; an HTTP status & 255 is 144 (400) and more. */
const EXITS: ReadonlyMap<number, FailureClass> = new Map<number, FailureClass>([
  [41, "auth"],
  [44, "policy"],
  [52, "policy"],
  [53, "turn_limit"],
  [55, "policy"],
]);

const ATTEMPT = /^Attempt \d+ failed: (.*?)\. Retrying after \d+ms\.\.\.$/gms;

/**
 * What it is waiting for, when it waits for another try: it says so on stderr only, and may wait for hours.
 *
 * @param hasWorked the model has answered before, so that an older notice on stderr may be over
 */
export function waitedFor(stderr: string, hasWorked: boolean): Failure | null {
  const notice = [...stderr.matchAll(ATTEMPT)].at(-1);
  if (notice === undefined) return null;
  const isLast = stderr.slice(notice.index + notice[0].length).trim() === "";
  return hasWorked && !isLast ? null : judgeGeminiError("unknown", notice[1] ?? "");
}
