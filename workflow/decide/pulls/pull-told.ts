/**
 * `pull_told`: the pull request of a task was opened by us, or brought to what it should say. Asked after that was done
 * at its host, which may be repeated. Part of `decide`, and as pure.
 */

import { type PullRequest, pullKey, pullRef, type SeenPull } from "../../phases/pull.ts";
import { UNCHANGED } from "../change.ts";
import type { IntentKind } from "../decision.ts";
import { hasten } from "../flow.ts";
import { ignore } from "../parts.ts";

export interface PullTold {
  readonly kind: "pull_told";
  readonly task: string;
  readonly pull: SeenPull;
}

export const pullTold: IntentKind<PullTold> = {
  about: ({ task, pull }) => ({ target: { key: task }, key: pullKey(pull, "opened", null), run: null }),
  decide: (snapshot, { pull: told }) => {
    const { task, pull, seen } = snapshot;
    if (task === null) return { kind: "unknown", reason: "there is no such task" };
    const known = pull?.number === told.number && pull.repo === told.repo ? pull : null;
    if (known !== null && isSame(known, told)) return ignore(`pull request ${told.number} stands so already`);
    const { number, repo, url, commit } = told;
    const data = { number, repo, url, ...(commit !== null && { commit }) };
    const isReady = known?.isDraft === true && !told.isDraft;
    return {
      ...UNCHANGED,
      base: task,
      task: { change: "keep" },
      refs: known === null && !seen ? [pullRef(told)] : [],
      pulls: [{ change: "record", pull: told }],
      merges: hasten(snapshot),
      events: [
        ...(known === null && !seen
          ? [{ kind: "pull.opened", key: pullKey(told, "opened", null), data }]
          : []),
        ...(isReady ? [{ kind: "pull.ready", data }] : []),
      ],
    };
  },
};

function isSame(known: PullRequest, { url, isDraft, isOurs, commit }: SeenPull): boolean {
  return known.url === url && known.isDraft === isDraft && known.isOurs === isOurs && known.commit === commit;
}
