/** Pull requests: that there is one as it is wished for, and what there is. */

import { z } from "zod";
import type { Answer } from "../api/answer.ts";
import { ask, askOrNull, map } from "../api/read.ts";
import type { ForgeAsk } from "../ask.ts";
import type { Forge, Pull, PullWish } from "../tell.ts";
import { at, type GithubApi, graphql, list } from "./api.ts";
import { fitted, isSameText, TEXT_CHARS_MAX } from "./marks.ts";
import { isMerged, PullRequest, pullOf, pullViewOf } from "./shapes.ts";

/** GitHub takes so many characters of a title. */
const TITLE_CHARS_MAX = 256;

export function tellPulls(api: GithubApi): Pick<Forge, "pull"> {
  return {
    async pull(wish): Promise<Answer<Pull>> {
      const found = wish.known === null ? await openOf(api, wish) : await pullAt(api, wish.repo, wish.known);
      if (found.kind !== "ok") return found;
      if (found.value !== null && wish.known === null) return taken(api, wish, found.value);
      if (found.value !== null) return map(await brought(api, wish, found.value), pullOf);
      if (wish.known !== null)
        return {
          kind: "refused",
          because: "missing",
          reason: `GitHub: there is no pull request ${wish.known}`,
        };
      return opened(api, wish, wish.isDraft);
    },
  };
}

export function askPulls(api: GithubApi): Pick<ForgeAsk, "pull" | "pullView" | "pullsOf"> {
  return {
    async pullView(repo, number): ReturnType<ForgeAsk["pullView"]> {
      return map(await pullAt(api, repo, number), (pull) => (pull === null ? null : pullViewOf(pull)));
    },
    async pull(repo, number): Promise<Answer<Pull | null>> {
      return map(await pullAt(api, repo, number), (pull) => (pull === null ? null : pullOf(pull)));
    },
    async pullsOf(repo, by): Promise<Answer<readonly Pull[]>> {
      const found =
        "branch" in by
          ? await pullsFrom(api, repo, by.branch)
          : await list(
              api.caller,
              { method: "GET", path: at(repo, "commits", by.commit, "pulls") },
              PullRequest,
              1,
            );
      // 422 and 409 of a commit that is nowhere: then there is no pull request with it.
      if (found.kind === "refused" && ["missing", "invalid", "conflict"].includes(found.because))
        return { kind: "ok", value: [] };
      return map(found, ({ items }) => openFirst(items).map(pullOf));
    },
  };
}

export async function pullAt(
  { caller }: GithubApi,
  repo: string,
  number: number,
): Promise<Answer<PullRequest | null>> {
  return askOrNull(caller, { method: "GET", path: at(repo, "pulls", number) }, PullRequest);
}

type PullPage = { readonly items: readonly PullRequest[]; readonly more: boolean };

/** Of this repository's own branch, the newest first. The filter wants its owner, and else is none. */
async function pullsFrom({ caller }: GithubApi, repo: string, branch: string): Promise<Answer<PullPage>> {
  const query = { head: `${repo.split("/")[0]}:${branch}`, state: "all" };
  const found = await list(caller, { method: "GET", path: at(repo, "pulls"), query }, PullRequest, 1);
  return map(found, ({ items, more }) => ({ items: items.filter(({ head }) => head.ref === branch), more }));
}

function openFirst(pulls: readonly PullRequest[]): readonly PullRequest[] {
  return [...pulls].sort(
    (a, b) => Number(b.state === "open") - Number(a.state === "open") || b.number - a.number,
  );
}

/** The one of the same branches that is open: there can be no other. */
async function openOf(api: GithubApi, { repo, head, base }: PullWish): Promise<Answer<PullRequest | null>> {
  const found = await pullsFrom(api, repo, head);
  return map(
    found,
    ({ items }) =>
      items.find((pull) => pull.state === "open" && pull.base.ref === base && isOf(repo, pull)) ?? null,
  );
}

/** Whether its branch is of the repository itself, and not of a copy. */
function isOf(repo: string, { head }: PullRequest): boolean {
  return head.repo?.full_name.toLowerCase() === repo.toLowerCase();
}

/** One that stands there before we know of it: ours is brought on, and that of a person stays theirs. */
async function taken(api: GithubApi, wish: PullWish, pull: PullRequest): Promise<Answer<Pull>> {
  const opener = pull.user?.id ?? null;
  const own = opener === null ? null : await api.own();
  if (own !== null && own.kind !== "ok") return own;
  return own === null || String(opener) === own.value.id
    ? map(await brought(api, wish, pull), pullOf)
    : { kind: "ok", value: { ...pullOf(pull), isForeign: true } };
}

async function opened(api: GithubApi, wish: PullWish, draft: boolean): Promise<Answer<Pull>> {
  const { repo, head, base } = wish;
  const body = { title: titleOf(wish), head, base, body: bodyOf(wish), ...(draft && { draft }) };
  const made = await ask(
    api.caller,
    { method: "POST", path: at(repo, "pulls"), body, creates: true },
    PullRequest,
  );
  if (made.kind !== "refused" || made.because !== "invalid") return map(made, pullOf);
  // Private repositories of free plans know no drafts.
  if (draft && /draft/i.test(made.reason)) return opened(api, wish, false);
  // Somebody was first; or what was to be told was merged before the answer came.
  const found = await pullsFrom(api, repo, head);
  if (found.kind !== "ok") return found;
  const pulls = openFirst(found.value.items).filter((pull) => pull.base.ref === base && isOf(repo, pull));
  const [first] = pulls;
  if (first?.state === "open") return taken(api, wish, first);
  return first !== undefined && isMerged(first) && /no commits between/i.test(made.reason)
    ? { kind: "ok", value: pullOf(first) }
    : made;
}

function titleOf({ title }: PullWish): string {
  return fitted(title, TITLE_CHARS_MAX);
}

function bodyOf({ body }: PullWish): string {
  return fitted(body, TEXT_CHARS_MAX);
}

/** One that is open, with the title, text, base and draft state that are wished for; of one that is over, the words. */
async function brought(api: GithubApi, wish: PullWish, pull: PullRequest): Promise<Answer<PullRequest>> {
  const isOver = wish.isOver === true;
  if (pull.state !== "open" && !isOver) return { kind: "ok", value: pull };
  const change = {
    ...(!isSameText(pull.title, titleOf(wish)) && { title: titleOf(wish) }),
    ...(!isSameText(pull.body, bodyOf(wish)) && { body: bodyOf(wish) }),
    ...(!isOver && pull.base.ref !== wish.base && { base: wish.base }),
  };
  const path = at(wish.repo, "pulls", pull.number);
  const edited: Answer<PullRequest> =
    Object.keys(change).length === 0
      ? { kind: "ok", value: pull }
      : await ask(api.caller, { method: "PATCH", path, body: change }, PullRequest);
  if (edited.kind !== "ok" || isOver || (edited.value.draft === true) === wish.isDraft) return edited;
  return drafted(api, wish, edited.value);
}

const DRAFT = `mutation($id: ID!) { convertPullRequestToDraft(input: {pullRequestId: $id}) { clientMutationId } }`;
const READY = `mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { clientMutationId } }`;

/** REST has no field for it. */
async function drafted(api: GithubApi, wish: PullWish, pull: PullRequest): Promise<Answer<PullRequest>> {
  if (pull.node_id === null || pull.node_id === undefined) return { kind: "ok", value: pull };
  const query = wish.isDraft ? DRAFT : READY;
  const told = await graphql(api, wish.repo, { query, variables: { id: pull.node_id } }, z.unknown());
  if (told.kind === "ok") return { kind: "ok", value: { ...pull, draft: wish.isDraft } };
  // Where there are no drafts it stays open.
  const isUnknown = wish.isDraft && told.kind === "refused" && told.because !== "auth";
  return isUnknown ? { kind: "ok", value: pull } : told;
}
