/**
 * What the agent, CI and people do in the circle. People are told nothing of the daemon: each deed waits for what its
 * person sees at the forge, so the story goes on over kills and faults.
 */

import type { PullIssue } from "../../../cli/stage/fake-github/model/pulls.ts";
import { isPull } from "../../../cli/stage/fake-github/model/pulls.ts";
import type { FakeGithub } from "../../../cli/stage/fake-github/start.ts";
import type { Playbook } from "../../../cli/stage/playbook.ts";
import { type Ground, REPO } from "./ground.ts";
import { type Meanwhile, NOTHING, untilSeen } from "./patience.ts";

export const SAID = {
  annotation: "The shelf has no name.",
  log: "expected a name, got nothing",
  review: "One more thing.",
  remark: "Please call it oak.",
} as const;

/** What is to be done it knows from its prompt alone: it may be run again, and nothing may be lost from that. */
export const PLAYBOOK: Playbook = {
  turnMs: 20,
  phases: {
    work: [
      { turns: 1, files: { "shelf.txt": "a shelf\n" }, says: "There is a shelf." },
      {
        ...{ when: ["## Feedback of CI"], turns: 1, needs: [SAID.annotation, SAID.log] },
        ...{ files: { "shelf.txt": "a shelf, pine\n" }, says: "The shelf has a name." },
      },
      {
        ...{ when: ["## Feedback of bob"], turns: 1, needs: [SAID.review, SAID.remark, "shelf.txt"] },
        ...{ files: { "shelf.txt": "a shelf, oak\n" }, says: "The shelf is of oak." },
      },
    ],
  },
};

/** One deed of somebody, done once, when its moment is there. */
export interface Deed {
  readonly what: string;
  readonly isTime: () => boolean;
  readonly does: () => Promise<unknown> | unknown;
}

export function pullOf(github: FakeGithub): PullIssue | undefined {
  return [...github.world.repo(REPO).issues.values()].find(isPull);
}

function ci(github: FakeGithub, isGood: boolean): Promise<unknown> {
  const head = pullOf(github)?.pull.headRef ?? "";
  const failure = {
    conclusion: "failure" as const,
    log: `Run npm test\n${SAID.log}\n##[error]Process completed with exit code 1.\n`,
    annotations: [
      {
        ...{ path: "shelf.txt", line: 1, level: "failure" as const },
        ...{ message: SAID.annotation, title: null },
      },
    ],
  };
  const job = { name: "test", ...(isGood ? { conclusion: "success" as const } : failure) };
  return github.ci.run({ repo: REPO, at: head, jobs: [job] });
}

/** From the first push to the merge. */
export function deeds({ github }: Pick<Ground, "github">): readonly Deed[] {
  const heads: string[] = [];
  /** Whether there is work that nobody has judged yet. */
  const isNew = (): boolean => {
    const head = pullOf(github)?.pull.headSha;
    return head !== undefined && !heads.includes(head);
  };
  const judge = (isGood: boolean) => (): Promise<unknown> => {
    heads.push(pullOf(github)?.pull.headSha ?? "");
    return ci(github, isGood);
  };
  const at = (): { repo: string; number: number } => ({ repo: REPO, number: pullOf(github)?.number ?? 0 });
  const isReady = (): boolean => pullOf(github)?.pull.isDraft === false;
  const threads = () => pullOf(github)?.pull.threads ?? [];
  return [
    { what: "CI fails", isTime: isNew, does: judge(false) },
    { what: "CI is content", isTime: isNew, does: judge(true) },
    {
      what: "bob asks for a change",
      isTime: isReady,
      does: () =>
        github.people.requestChanges({
          ...{ ...at(), by: "bob", body: SAID.review },
          remarks: [{ path: "shelf.txt", line: 1, body: SAID.remark }],
        }),
    },
    { what: "CI is content again", isTime: isNew, does: judge(true) },
    {
      what: "bob approves",
      isTime: () => isReady() && threads().every(({ resolvedBy }) => resolvedBy !== null),
      does: () => github.people.approve({ ...at(), by: "bob" }),
    },
  ];
}

/** Has them done one after another, each when its moment is there. */
export async function play(
  ground: Pick<Ground, "stage">,
  all: readonly Deed[],
  meanwhile: Meanwhile = NOTHING,
): Promise<void> {
  for (const { what, isTime, does } of all) {
    await untilSeen(ground, `it is time: ${what}`, isTime, meanwhile);
    await does();
  }
}
