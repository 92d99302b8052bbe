/** Who stands around the agents at the forge: CI tests what is pushed; people label, review and approve. */

import { latestRuns } from "../../stage/fake-github/model/suites.ts";
import type { FakeGithub } from "../../stage/fake-github/start.ts";
import { type ForgeView, runCi, viewOf } from "./forge.ts";
import { ADA, APPROVAL, BOB, ISSUE, LABEL, REPO, REVIEW } from "./story.ts";

export interface ForgePeople {
  /** Whoever has something to do now does it; each at most once about the same. */
  act(): Promise<void>;
}

export interface ForgePeopleOptions {
  readonly github: FakeGithub;
  readonly folder: string;
  /** Else whoever is at the page labels, reviews and approves. */
  readonly areAlone: boolean;
  /** Before a person does something. */
  readonly think: () => Promise<void>;
}

export function createForgePeople({ github, folder, areAlone, think }: ForgePeopleOptions): ForgePeople {
  const done = new Set<string>();
  const { people } = github;
  const once = async (what: string, work: () => unknown): Promise<void> => {
    if (done.has(what)) return;
    done.add(what);
    await work();
  };
  const person = async (what: string, work: () => unknown): Promise<void> => {
    if (!areAlone) return;
    await once(what, async () => {
      await think();
      await work();
    });
  };
  return {
    async act() {
      const { issue, pull } = viewOf(github);
      if (issue === null) {
        await once("open", () => people.open({ repo: REPO, by: ADA, ...ISSUE }));
        return;
      }
      if (!issue.labels.has(LABEL) && issue.isOpen)
        await person("label", () =>
          people.label({ repo: REPO, by: ADA, number: issue.number, label: LABEL }),
        );
      if (pull === null || !pull.isOpen) return;
      const {
        number,
        pull: { headSha, threads, reviews },
      } = pull;
      const at = { repo: REPO, number };
      await once(`ci ${headSha}`, () => runCi(github, folder, headSha));
      if (!isGood(viewOf(github), headSha)) return;
      if (reviews.length === 0)
        await person("review", () => people.requestChanges({ ...at, by: BOB, ...REVIEW }));
      else if (threads.length > 0 && threads.every(({ resolvedBy }) => resolvedBy !== null))
        await person("approve", () => people.approve({ ...at, by: BOB, body: APPROVAL }));
    },
  };
}

function isGood({ repo }: ForgeView, sha: string): boolean {
  const runs = latestRuns(repo.checkRuns.filter((run) => run.sha === sha));
  return runs.length > 0 && runs.every(({ conclusion }) => conclusion === "success");
}
