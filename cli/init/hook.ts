/** The webhook: made over the API where that can be, else told as it is to be typed in. */

import type { ForgeAsk } from "../../forges/ask.ts";
import type { Plan } from "./plan.ts";
import { SECRETS } from "./plan.ts";

/** What GitHub is to send: what `handlers/github/` reads. Others are ignored when they come. */
export const HOOK_EVENTS: readonly string[] = [
  ...["issues", "issue_comment", "push", "delete", "repository"],
  ...["pull_request", "pull_request_review", "pull_request_review_comment"],
  ...["check_run", "check_suite", "status", "workflow_run"],
];

export function hookUrl(publicUrl: string, source: string): string {
  return `${publicUrl}/webhooks/${source}`;
}

/** There is one that sends all this to us, with this secret. */
export function makeHook(
  ask: Pick<ForgeAsk, "createHook">,
  repo: string,
  { publicUrl, secret }: { readonly publicUrl: string; readonly secret: string },
): ReturnType<ForgeAsk["createHook"]> {
  return ask.createHook(repo, { url: hookUrl(publicUrl, "github"), secret, events: HOOK_EVENTS });
}

/** @param mayShow somebody reads it on a terminal: the secret is told, because it has to be typed in */
export function tellHook(plan: Plan, mayShow: boolean): string {
  const { github, plane, publicUrl, project } = plan;
  if (publicUrl === null) return withoutHooks(plan);
  const lines: string[] = [];
  if (github !== null) {
    const web = new URL(github.apiUrl).host.replace(/^api\.github\.com$/, "github.com");
    lines.push(
      `Point GitHub at it: https://${web}/${project.repo}/settings/hooks/new`,
      `  Payload URL    ${hookUrl(publicUrl, "github")}`,
      "  Content type   application/json",
      `  Secret         ${mayShow ? github.hookSecret : `is in ${SECRETS}/github-webhook`}`,
      `  Events         ${HOOK_EVENTS.join(", ")}`,
    );
  }
  if (plane !== null)
    lines.push(
      "Point Plane at it: Workspace settings → Webhooks",
      `  URL            ${hookUrl(publicUrl, "plane")}`,
      "  Events         Issue, Issue comment",
    );
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** Where no webhook reaches this machine: who is asked instead, and what nobody hears of. */
function withoutHooks({ github, plane, poll }: Plan): string {
  const told = (name: string, source: { readonly token: string | null } | null): string => {
    if (source === null) return "";
    if (source.token !== null && poll !== null)
      return `${name} is asked every ${poll} what has happened: no webhook is needed.\n`;
    return `${name} can neither reach this machine (--public-url) nor be asked without a token: tasks begin by command until then.\n`;
  };
  return `${told("GitHub", github)}${told("Plane", plane)}`;
}
