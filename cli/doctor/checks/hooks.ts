/** A project's webhook at its forge: there, pointing at us, and taken when it came; or asking, where none can come. */

import type { Answer } from "../../../forges/api/answer.ts";
import type { Hook, SentHook } from "../../../forges/ask.ts";
import { HOOK_EVENTS, hookUrl } from "../../init/hook.ts";
import { ago, counted, span } from "../../phrases.ts";
import { troubleOf } from "../answers.ts";
import { clientsOf, forgeOf, type SourceClient } from "../clients.ts";
import { type Check, type Finding, fail, ok, warn } from "../finding.ts";
import type { Place } from "../place.ts";

/** What the host tells of the last day is enough to see whether it works. */
const SINCE_MS = 86_400_000;

export function hookChecks(place: Place): readonly Check[] {
  const clients = clientsOf(place);
  const forge = forgeOf(clients);
  const own = clients.find(({ client }) => client === forge);
  if (forge === null || own === undefined) return [];
  const { projects, server } = place.config;
  const way: Way = { ...own, publicUrl: server.publicUrl };
  // Projects of one repository share its webhook.
  const repos = new Map(projects.flatMap(({ repo, name }) => (repo === null ? [] : [[repo, name] as const])));
  return [...repos].map(([repo, name]): Check => {
    const look = async (): Promise<readonly Finding[]> => {
      const now = place.clock.now();
      const found = judgeHooks(await forge.ask.hooks(repo), repo, way);
      if (found.hook === null) return found.findings;
      const sent = await forge.ask.sentHooks(repo, found.hook.id, now - SINCE_MS);
      return [...found.findings, ...(sent.kind === "ok" ? judgeSent(sent.value.items, now) : [])];
    };
    return { area: "projects", about: name, isForStart: true, look };
  });
}

/** How this daemon hears of what happens there. */
export interface Way extends Pick<SourceClient, "source" | "takesWebhooks" | "pollMs"> {
  readonly publicUrl: string | null;
}

interface Judged {
  readonly findings: readonly Finding[];
  /** The one that is ours. */
  readonly hook: Hook | null;
}

export function judgeHooks(answer: Answer<readonly Hook[]>, repo: string, way: Way): Judged {
  const { source, publicUrl, pollMs, takesWebhooks } = way;
  const isSeen = answer.kind === "ok";
  const isHidden =
    answer.kind === "refused" && (answer.because === "missing" || answer.because === "permission");
  const path = `/webhooks/${source}`;
  const url = publicUrl === null ? null : hookUrl(publicUrl, source);
  const all = isSeen ? answer.value : [];
  const hook = all.find((one) => (url === null ? one.url.endsWith(path) : one.url === url));
  if (pollMs !== null && (isHidden || (isSeen && hook === undefined)))
    return none(ok(`${repo} is asked every ${span(pollMs)} what has happened: no webhook is needed`));
  if (isHidden)
    return none(
      warn(
        `webhooks of ${repo} cannot be seen with this token`,
        "give it the right to read webhooks (admin:repo_hook, or Webhooks: read), or look there by hand",
      ),
    );
  if (!isSeen) return none(troubleOf(`webhooks of ${repo} cannot be seen`, answer));
  if (hook === undefined) return none(missing(all, repo, source, url));
  if (!takesWebhooks)
    return none(
      warn(
        `a webhook of ${repo} points at ${hook.url}, and sources.${source} has no secret to believe it by`,
        `give sources.${source}.secret the one that it has there, or remove it there`,
      ),
    );
  return { findings: judgeHook(hook, repo, publicUrl), hook };
}

function none(finding: Finding): Judged {
  return { findings: [finding], hook: null };
}

/** It may be the organisation's, which a token for one repository does not see: so it is no failure. */
function missing(all: readonly Hook[], repo: string, source: string, url: string | null): Finding {
  const path = `/webhooks/${source}`;
  const others = all.filter((one) => one.url.endsWith(path)).map((one) => one.url);
  const remedy = `make one there: ${url ?? `https://your.host${path}`}, application/json, the secret of sources.*.secret, events ${HOOK_EVENTS.join(", ")}`;
  if (others.length > 0)
    return warn(
      `the webhook of ${repo} points at ${others[0]}, and server.public_url says ${url}`,
      "correct one of them",
    );
  if (url === null)
    return warn(
      `no webhook of ${repo} points at this daemon: tasks begin by command alone`,
      `where none can come, let sources.${source}.poll ask (60s); else set server.public_url, and ${remedy}`,
    );
  return warn(`no webhook of ${repo} points at ${url}`, remedy);
}

function judgeHook(
  { url, events, isActive }: Hook,
  repo: string,
  publicUrl: string | null,
): readonly Finding[] {
  if (!isActive) return [fail(`the webhook of ${repo} is switched off`, "switch it on there")];
  const lacks = events.includes("*") ? [] : HOOK_EVENTS.filter((event) => !events.includes(event));
  return [
    ok(`the webhook of ${repo} points at ${url}`),
    ...(lacks.length === 0
      ? []
      : [warn(`it does not send ${lacks.join(", ")}`, "add these events to it there")]),
    ...(publicUrl === null
      ? [warn("server.public_url is not set", `set it, so that links lead here: ${new URL(url).origin}`)]
      : []),
  ];
}

/** One that was sent again and taken then has not failed. */
export function judgeSent(all: readonly SentHook[], now: number): readonly Finding[] {
  if (all.length === 0) return [ok("nothing was sent to it in the last day")];
  // A ping comes with the making of the hook, when there may be no daemon yet, and asks for nothing.
  const sent = all.filter(({ event }) => event !== "ping");
  if (sent.length === 0) return [judgePings(all)];
  const taken = new Set(sent.filter(({ isGood }) => isGood).map(({ guid }) => guid));
  const failed = sent.filter(({ guid, isGood }) => !isGood && !taken.has(guid));
  const [last] = failed;
  const count = new Set(sent.map(({ guid }) => guid)).size;
  if (last === undefined)
    return [ok(`${counted(count, "delivery was", "deliveries were")} taken in the last day`)];
  const lost = new Set(failed.map(({ guid }) => guid)).size;
  const when = ago(new Date(last.at).toISOString(), now);
  return [
    warn(
      `${lost} of ${count} deliveries of the last day failed, last ${when}: ${last.status}`,
      remedyOf(last.status),
    ),
  ];
}

function judgePings(pings: readonly SentHook[]): Finding {
  const [last] = pings;
  if (last === undefined || pings.some(({ isGood }) => isGood))
    return ok("its ping was taken, and nothing else was sent to it in the last day");
  if (/^4\d\d/.test(last.status))
    return warn(`its ping was not taken: ${last.status}`, remedyOf(last.status));
  return warn(
    `its ping has not arrived: ${last.status}`,
    "if no daemon ran then, start it and send the ping again there (Recent Deliveries); else see that the proxy leads to it",
  );
}

function remedyOf(status: string): string {
  if (/^401/.test(status)) return "its secret is another than that of sources.*.secret: make both the same";
  if (/^404/.test(status))
    return "the address leads to something else: it must end as server.public_url and /webhooks/… say";
  return "see that the proxy leads to the daemon, and that this runs; then send them again there";
}
