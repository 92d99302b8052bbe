/** The end of a job's log, which lies with another host: GitHub answers with an address that is good for a minute. */

import type { Http, HttpResponse } from "../../system/http.ts";
import type { GithubApi } from "./api.ts";
import { at } from "./api.ts";

const LINES_MAX = 200;
const LINE_CHARS_MAX = 2_000;
/** Enough for so many lines; of a longer log, no more is read. */
const TAIL_BYTES = 262_144;

/** `null`: there is none. `later`: it could not be read now. */
export type LogEnd = { readonly kind: "text"; readonly text: string } | { readonly kind: "later" } | null;

export async function logEnd({ caller, http }: GithubApi, repo: string, job: string): Promise<LogEnd> {
  const path = at(repo, "actions", "jobs", job, "logs");
  const answer = await caller.call({ method: "GET", path, also: [302] });
  if (answer.kind !== "ok") return answer.kind === "refused" ? null : { kind: "later" };
  if (answer.value.status !== 302) return textOf(answer.value.body);
  const to = URL.parse(answer.value.headers["location"] ?? "");
  if (to === null || !isFit(to, caller.host)) return null;
  return readEnd(http, to.href);
}

/** Over the net it is encrypted, or it is where the API itself is. */
function isFit({ protocol, host }: URL, api: string): boolean {
  return protocol === "https:" || (protocol === "http:" && host === api);
}

/** Without our token: the address is the proof. The length is asked for, because not all can count from the end. */
async function readEnd(http: Http, url: string): Promise<LogEnd> {
  const head = await http.request("log", { method: "GET", url, headOnly: true });
  if (head.kind !== "response" || head.response.status >= 500) return { kind: "later" };
  if (head.response.status !== 200) return null;
  const length = Number(head.response.headers["content-length"]);
  const isLong = Number.isSafeInteger(length) && length > TAIL_BYTES;
  const headers = isLong ? { range: `bytes=${length - TAIL_BYTES}-${length - 1}` } : {};
  const all = await http.request("log", { method: "GET", url, headers });
  if (all.kind !== "response" || all.response.status >= 500) return { kind: "later" };
  return isGood(all.response) ? textOf(all.response.body) : null;
}

function textOf(log: string): LogEnd {
  return { kind: "text", text: linesOf(log) };
}

function isGood({ status }: HttpResponse): boolean {
  return status === 200 || status === 206;
}

/** Of a terminal. */
const COLOURS = /\u001b\[[\d;]*[A-Za-z]/g;
const TIME = /^\ufeff?\d{4}-\d\d-\d\dT[\d:.]+Z ?/;

function linesOf(log: string): string {
  return log
    .slice(-TAIL_BYTES)
    .trimEnd()
    .split("\n")
    .slice(-LINES_MAX)
    .map((line) => line.trimEnd().replace(TIME, "").replace(COLOURS, "").slice(0, LINE_CHARS_MAX))
    .join("\n");
}
