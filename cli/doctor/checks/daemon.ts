/** The daemon, if one runs: whether it answers, and what it says of itself. None is needed for the rest. */

import { join } from "node:path";
import { z } from "zod";
import type { HttpResult } from "../../../system/http.ts";
import { type Check, type Finding, fail, ok, warn } from "../finding.ts";
import type { Place } from "../place.ts";

const FILE_BYTES_MAX = 65_536;
const ASK_MS = 5_000;

const Announced = z.object({ pid: z.number(), admin_url: z.string(), webhooks_url: z.string() });
const Status = z.object({
  version: z.string().optional(),
  config: z
    .object({ error: z.unknown().nullish(), restart_needed: z.array(z.string()).optional() })
    .optional(),
  unknown_logins: z.array(z.object({ source: z.string(), reason: z.string() })).optional(),
});

export function daemonChecks(place: Place): readonly Check[] {
  return [{ area: "daemon", about: null, isForStart: false, look: () => daemon(place) }];
}

async function daemon(place: Place): Promise<readonly Finding[]> {
  const { config, files, http, redactor } = place;
  const { dataDir, file } = config;
  const read = (name: string): Promise<string | null> =>
    files.read("doctor", join(dataDir, name), FILE_BYTES_MAX);
  const announced = parsed(await read("daemon.json"), Announced);
  if (announced === null)
    return [
      warn(`no daemon runs on ${dataDir}`, `chargehand serve --config ${file}, or the unit of systemd`),
    ];
  const token = (await read("admin-token"))?.trim() ?? "";
  redactor.learn([token]);
  const answer = await http.request("doctor", {
    method: "GET",
    url: `${announced.admin_url.replace(/\/+$/, "")}/api/v1/status`,
    headers: { authorization: `Bearer ${token}` },
    timeoutMs: ASK_MS,
  });
  return judgeAnswer(answer, announced, file);
}

export function judgeAnswer(
  answer: HttpResult,
  { pid, admin_url: url, webhooks_url: webhooks }: z.infer<typeof Announced>,
  file: string,
): readonly Finding[] {
  if (answer.kind === "unreachable")
    return [
      fail(
        `the daemon that daemon.json tells of (pid ${pid}) does not answer at ${url}: ${answer.reason}`,
        `if it is gone, start it again: chargehand serve --config ${file}`,
      ),
    ];
  const { status, body } = answer.response;
  if (status !== 200)
    return [
      fail(`the daemon at ${url} answers ${status}`, "its log says why; a restart makes a missing token"),
    ];
  const told = parsed(body, Status);
  const runs = ok(`a daemon runs (pid ${pid}), and takes webhooks at ${webhooks}`);
  const { error = null, restart_needed: restart = [] } = told?.config ?? {};
  return [
    runs,
    ...(error === null
      ? []
      : [
          warn(
            "it goes on with an older configuration, because the file has problems",
            "mend it, then reload",
          ),
        ]),
    ...(told?.unknown_logins ?? []).map(({ source, reason }) =>
      warn(
        `it does not know yet who it is at ${source}, and knows its own doings there by their marker alone: ${reason}`,
        `it asks again by itself; sources.${source}.account says it in any case`,
      ),
    ),
    ...(restart.length === 0
      ? []
      : [warn(`a restart is needed for ${restart.join(", ")}`, "restart the daemon")]),
  ];
}

function parsed<T>(text: string | null, schema: z.ZodType<T>): T | null {
  if (text === null) return null;
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
