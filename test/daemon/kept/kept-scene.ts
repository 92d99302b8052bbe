/** A task with kept work in a real store, over git that does as it is told. */

import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { createWorks, type Works } from "../../../daemon/kept/works.ts";
import type { Workspaces } from "../../../forges/git/workspace.ts";
import { ask } from "../../../store/settle.ts";
import type { Store } from "../../../store/store.ts";
import { createTurns } from "../../../system/turns.ts";
import type { Kept } from "../../../workflow/kept.ts";
import type { Project } from "../../../workflow/project.ts";
import { aboutTask } from "../../../workflow/subject.ts";
import { plainClaimConfig } from "../../claim-config.ts";
import { creation } from "../../conformance/database.ts";
import {
  type HandClock,
  type HeardLog,
  handClock,
  heardLog,
  memoryStore,
} from "../../handlers/hand-moved.ts";
import { project } from "../../handlers/project.ts";

export const DAY = 86_400_000;

export interface KeptScene {
  readonly store: Store;
  readonly clock: HandClock;
  readonly log: HeardLog;
  readonly works: Works;
  readonly projects: Map<string, Project>;
  /** What git was asked. */
  readonly deeds: string[];
  /** Verbs that fail, with the reason. */
  readonly fails: Map<string, string>;
  keep(name: string, commit?: string): Promise<Kept>;
  row(name: string): Promise<Kept>;
  /** Kinds of the task's history. */
  history(): Promise<readonly string[]>;
}

export async function keptScene(t: TestContext): Promise<KeptScene> {
  const store = await memoryStore();
  t.after(() => store.close());
  const [clock, log, deeds, fails] = [handClock(), heardLog(), [] as string[], new Map<string, string>()];
  await store.projects.configure(plainClaimConfig([{ name: "shop", concurrency: 1 }]), clock.now());
  await store.commit([creation("shop", 1)], null, clock.now());
  const projects = new Map([["shop", project()]]);
  const done = async <T>(verb: string, deed: string, value: T) => {
    deeds.push(deed);
    // Whoever takes no turns is seen here.
    await clock.sleep(0);
    const reason = fails.get(verb);
    return reason === undefined ? ({ kind: "ok", value } as const) : ({ kind: "failed", reason } as const);
  };
  const commitOf = async (ref: string): Promise<string> =>
    (await store.kept.ofTask("SHOP-1")).find((row) => row.ref === ref)?.commit ?? "none";
  const never = async (): Promise<never> => assert.fail("this is not asked for");
  const workspaces: Workspaces = {
    ...{
      prepare: never,
      publish: never,
      merge: never,
      remove: never,
      directoryOf: () => "/nowhere",
      idleMs: () => 0,
    },
    publishKept: async (_spec, { ref, branch }) =>
      done("push", `push ${branch}`, { branch, commit: await commitOf(ref), files: 1 }),
    dropKept: (_spec, ref) => done("drop", `drop ${ref}`, null),
    showKept: (_spec, ref) => done("show", `show ${ref}`, { commits: [], paths: [], isCut: false }),
  };
  const row = async (name: string): Promise<Kept> =>
    (await store.kept.ofTask("SHOP-1")).find((kept) => kept.name === name) ?? assert.fail(name);
  return {
    ...{ store, clock, log, projects, deeds, fails, row },
    works: createWorks({ store, clock, log, workspaces, projects, turns: createTurns() }, createTurns()),
    async keep(name, commit = "c0ffee") {
      const work = {
        ...{
          name,
          ref: `refs/${name}`,
          commit,
          branch: `b-${name}`,
          files: 1,
          reason: "CI files",
          remedy: null,
        },
      };
      const by = { kind: "daemon", name: "tidy" } as const;
      const wish = { project: "shop", by, key: `k:${name}`, because: "test", target: { key: "SHOP-1" } };
      const intent = { kind: "keep_work", ...wish, run: null, work, keptForMs: 30 * DAY } as const;
      assert.equal((await ask(store, [intent], null, clock.now())).kind, "done");
      return row(name);
    },
    history: async () => (await store.events.of(aboutTask("SHOP-1"), 0, 500)).map(({ kind }) => kind),
  };
}
