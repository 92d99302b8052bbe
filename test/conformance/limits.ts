/** Accounts, routes, cooldowns and budgets: what closes a lane, what opens it, and what is counted (F4, F5, I8, I9). */

import assert from "node:assert/strict";
import type { ClaimConfig } from "../../store/claim/config.ts";
import { NO_DOUBT } from "../../workflow/account.ts";
import { type BudgetLimit, isClosed } from "../../workflow/budget.ts";
import type { Usage } from "../../workflow/run.ts";
import { reportOne } from "../report-one.ts";
import { changeOf, type Exercise, NOW, putJob, putTask, type TestDatabase } from "./database.ts";

const MINUTE = 60_000;
export const LATER = NOW + MINUTE;

/** One project, and an agent with two accounts and a fallback that has a third. */
export function configured(
  more: { readonly budget?: readonly BudgetLimit[]; readonly firstHas?: number } = {},
): ClaimConfig {
  return {
    projects: [{ name: "shop", concurrency: 10, budget: more.budget ?? [] }],
    accounts: [
      { name: "first", concurrency: more.firstHas ?? null },
      { name: "second", concurrency: null },
      { name: "third", concurrency: null },
    ],
    routes: [
      { agent: "developer", via: "developer", account: "first" },
      { agent: "developer", via: "developer", account: "second" },
      { agent: "developer", via: "spare", account: "third" },
    ],
  };
}

export async function queue(database: TestDatabase, count: number): Promise<void> {
  for (let number = 1; number <= count; number++)
    await putJob(database, await putTask(database, number), "queued");
}

/** Claims once; answers `agent/account` of the run, or `null`. */
export async function claim({ store }: TestDatabase, run: string, now = LATER): Promise<string | null> {
  const taken = await store.jobs.claim({ run, concurrency: 10, now });
  return taken === null ? null : `${taken.run.agent}/${taken.run.account}`;
}

export async function use(
  { store }: TestDatabase,
  run: string,
  dollars: number,
  tokens: number,
  at = LATER,
): Promise<void> {
  const usage: Usage = {
    model: "m",
    inputTokens: tokens,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheCreationTokens: 0,
    reasoningTokens: 0,
    costNanos: dollars * 1e9,
    costSource: "agent",
  };
  const progress = {
    logOffset: 1,
    transcript: "{}",
    session: null,
    model: null,
    usage: [usage],
    activeAt: at,
  };
  assert.equal(await reportOne(store.runs, run, progress), true);
}

/** The run ends, and its job is done. */
async function end({ store }: TestDatabase, run: string): Promise<void> {
  const row = (await store.runs.get(run)) ?? assert.fail(`there is no run ${run}`);
  const killed = {
    change: "kill",
    id: run,
    failure: null,
    reason: null,
    summary: null,
    session: null,
  } as const;
  const jobs = [{ change: "complete", id: row.job, fence: row.fence } as const];
  const result = await store.commit([changeOf(row.task, { run: killed, jobs })], null, LATER);
  assert.equal(result.kind, "committed");
}

export function exerciseLimits(exercise: Exercise): void {
  exercise(
    "F4: a run gets the first open account of its agent, then those of the fallback",
    async (database) => {
      const { store } = database;
      await store.projects.configure(configured({ firstHas: 1 }), NOW);
      await queue(database, 5);
      assert.equal(await claim(database, "a"), "developer/first");
      assert.equal(await claim(database, "b"), "developer/second");
      await store.holds.put(
        {
          scope: "account",
          subject: "second",
          kind: "cooldown",
          reason: "limit",
          remedy: null,
          until: LATER + MINUTE,
        },
        NOW,
      );
      assert.equal(await claim(database, "c"), "spare/third");
      await store.holds.put(
        {
          scope: "agent",
          subject: "spare",
          kind: "broken",
          reason: "no such model",
          remedy: "mend it",
          until: null,
        },
        NOW,
      );
      assert.equal(await claim(database, "d"), null, "I9: nothing is claimed, and nothing is lost");
      assert.equal(await store.holds.releaseDue(LATER + MINUTE), 1);
      assert.equal(await claim(database, "d"), "developer/second");
      await end(database, "a");
      assert.equal(await claim(database, "e"), "developer/first");
    },
  );

  exercise(
    "I16: a run whose work is being published holds no slot of machine, project or account; one not yet judged does",
    async (database) => {
      const { store } = database;
      const only = configured({ firstHas: 1 });
      await store.projects.configure(
        {
          ...only,
          projects: [{ name: "shop", concurrency: 1, budget: [] }],
          routes: only.routes.slice(0, 1),
        },
        NOW,
      );
      await queue(database, 3);
      const next = async (run: string): Promise<string | null> =>
        (await store.jobs.claim({ run, concurrency: 1, now: LATER }))?.run.id ?? null;
      assert.equal(await next("a"), "a");
      assert.equal(await store.runs.exited("a", 0, null, LATER), true);
      assert.equal(await next("b"), null, "its end may yet close the account");
      assert.equal(await store.lanes.countAtWork(), 1);
      assert.equal(await store.runs.publishing("a", LATER), true);
      assert.equal(await store.lanes.countAtWork(), 0);
      assert.equal(await next("b"), "b");
      assert.equal(await next("c"), null);
      assert.deepEqual(
        (await store.lanes.waiting()).map(({ atWork }) => atWork),
        [1],
      );
      assert.equal((await store.accounts.list()).find(({ name }) => name === "first")?.atWork, 1);
    },
  );

  exercise(
    "F4: after a cooldown one run probes the account, and its first answer opens it",
    async (database) => {
      const { store } = database;
      await store.projects.configure({ ...configured(), routes: configured().routes.slice(0, 1) }, NOW);
      await queue(database, 4);
      assert.equal(await claim(database, "old", NOW), "developer/first");
      const believed = (await store.accounts.get("first")) ?? assert.fail();
      const parked = changeOf("SHOP-4", { account: { believed, ...NO_DOUBT, until: LATER, rearms: 1 } });
      assert.equal((await store.commit([parked], null, NOW)).kind, "committed");
      assert.equal(
        (await store.commit([{ ...parked, base: { key: "SHOP-4", version: 2 } }], null, NOW)).kind,
        "conflict",
        "what was believed of it is not true any more",
      );
      assert.equal(await claim(database, "probe"), "developer/first");
      assert.equal(await claim(database, "second"), null);
      assert.deepEqual(
        (await store.accounts.list()).map(({ name, atWork, probing }) => [name, atWork, probing])[0],
        ["first", 2, true],
      );
      await use(database, "old", 1, 1);
      assert.equal(await claim(database, "second"), null, "a run from before the limit proves nothing");
      await use(database, "probe", 1, 1);
      assert.equal(await claim(database, "second"), "developer/first");
    },
  );

  exercise(
    "I16: the task that alone has said that an account is at its limit is not its probe while others wait",
    async (database) => {
      const { store } = database;
      await store.projects.configure({ ...configured(), routes: configured().routes.slice(0, 1) }, NOW);
      await queue(database, 2);
      const doubt = async (
        reporter: string | null,
        confirmations: number,
        version: number,
      ): Promise<void> => {
        const believed = (await store.accounts.get("first")) ?? assert.fail();
        const account = { believed, until: NOW, rearms: 1, reporter, namedReset: LATER, confirmations };
        const parked = { ...changeOf("SHOP-1", { account }), base: { key: "SHOP-1", version } };
        assert.equal((await store.commit([parked], null, NOW)).kind, "committed");
        const { reporter: by, namedReset } = (await store.accounts.get("first")) ?? assert.fail();
        assert.deepEqual([by, namedReset], [reporter, LATER]);
      };
      await doubt("SHOP-1", 0, 1);
      const taken = await store.jobs.claim({ run: "probe", concurrency: 10, now: NOW + 1 });
      assert.equal(taken?.run.task, "SHOP-2");
      assert.equal(await claim(database, "second", NOW + 2), null, "and the probe is alone");
      await use(database, "probe", 1, 1);
      const believed = (await store.accounts.get("first")) ?? assert.fail();
      assert.deepEqual(
        believed,
        { name: "first", concurrency: null, ...NO_DOUBT },
        "an answer ends all doubt",
      );
      await doubt("SHOP-1", 0, 2);
      await end(database, "probe");
      assert.equal(await claim(database, "early", NOW + 3), null, "nobody else is there yet");
      assert.equal(await claim(database, "late", NOW + MINUTE), "developer/first", "then it is its turn");
    },
  );

  exercise("F4: a person opens an account, whatever closed it", async (database) => {
    const { store } = database;
    await store.projects.configure(configured(), NOW);
    for (const kind of ["cooldown", "broken"] as const)
      await store.holds.put(
        { scope: "account", subject: "first", kind, reason: "so", remedy: null, until: null },
        NOW,
      );
    assert.deepEqual((await store.totals(NOW)).holds, { broken: 1, cooldown: 1 });
    assert.equal(await store.accounts.clear("first"), true);
    assert.equal(await store.accounts.clear("first"), false);
    assert.deepEqual(await store.holds.wide(), []);
    assert.deepEqual((await store.totals(NOW)).holds, {});
  });

  exercise(
    "F5, I8: what a run may use is reserved when it is claimed, and settled when it ends",
    async (database) => {
      const { store } = database;
      const budget: readonly BudgetLimit[] = [
        { scope: "run", unit: "nanos", amount: 5e9 },
        { scope: "day", unit: "nanos", amount: 12e9 },
      ];
      await store.projects.configure(configured({ budget }), NOW);
      await queue(database, 5);
      assert.ok(await claim(database, "a"));
      assert.ok(await claim(database, "b"));
      assert.equal(await claim(database, "c"), null, "two dollars are not reserved, and a run may take five");
      await use(database, "a", 1, 10);
      assert.equal(await claim(database, "c"), null, "what it has not used is still reserved");
      await end(database, "a");
      assert.ok(await claim(database, "c"), "one dollar is used, ten are reserved, one is left over");
      assert.equal(await claim(database, "d"), null);
      await use(database, "b", 5, 10);
      await end(database, "b");
      assert.equal(await claim(database, "d"), null, "six dollars are used and five reserved");
      const tomorrow = NOW + 24 * 60 * MINUTE;
      assert.ok(await claim(database, "d", tomorrow), "only what lives is reserved tomorrow");
    },
  );

  exercise("F5: a raise opens a closed day, for that day", async (database) => {
    const { store } = database;
    await store.projects.configure(configured({ budget: [{ scope: "day", unit: "runs", amount: 1 }] }), NOW);
    await queue(database, 3);
    assert.ok(await claim(database, "a", NOW));
    assert.equal(await claim(database, "b", NOW), null);
    await store.holds.put(
      { scope: "project", subject: "shop", kind: "budget", reason: "used", remedy: "raise it", until: null },
      NOW,
    );
    const event = { kind: "budget.raised", key: "chat:paper:9:7" };
    assert.equal(await store.budgets.raise("shop", "day", "runs", 1, NOW, event), true);
    assert.equal(await store.budgets.raise("shop", "day", "runs", 1, NOW, event), false, "once per key");
    assert.deepEqual(await store.holds.wide(), []);
    assert.ok(await claim(database, "b", NOW));
    assert.equal(await claim(database, "c", NOW), null);
  });

  exercise("I8: usage that is told twice counts once, in every budget it belongs to", async (database) => {
    const { store } = database;
    const scopes = ["phase", "task", "project", "day"] as const;
    const budget = scopes.flatMap((scope): BudgetLimit[] => [
      { scope, unit: "nanos", amount: 100e9 },
      { scope, unit: "tokens", amount: 1_000 },
      { scope, unit: "runs", amount: 10 },
    ]);
    await store.projects.configure(configured({ budget }), NOW);
    await queue(database, 2);
    await claim(database, "a");
    await claim(database, "b");
    for (const dollars of [1, 2, 2, 3]) await use(database, "a", dollars, dollars * 10);
    await use(database, "b", 1, 10);
    const of = { project: "shop", task: "SHOP-1", phase: "work" };
    const used = new Map(
      (await store.budgets.standings(of, LATER)).map(({ scope, unit, used }) => [`${scope} ${unit}`, used]),
    );
    assert.deepEqual(
      scopes.map((scope) => [
        used.get(`${scope} nanos`),
        used.get(`${scope} tokens`),
        used.get(`${scope} runs`),
      ]),
      [
        [3e9, 30, 1],
        [3e9, 30, 1],
        [4e9, 40, 2],
        [4e9, 40, 2],
      ],
    );
    assert.equal((await store.totals(LATER)).spentTodayNanos, 4e9);
  });

  exercise("F5: what is added to a task's budget is added to its standing", async (database) => {
    const { store } = database;
    await store.projects.configure(configured({ budget: [{ scope: "task", unit: "runs", amount: 1 }] }), NOW);
    await queue(database, 1);
    await claim(database, "a");
    const standing = async () =>
      (await store.budgets.standings({ project: "shop", task: "SHOP-1", phase: "work" }, LATER))[0] ??
      assert.fail("there is no limit");
    assert.equal(isClosed(await standing()), true);
    const raises = [{ scope: "task", phase: "work", unit: "runs", amount: 2 }] as const;
    await store.commit([changeOf("SHOP-1", { raises })], null, LATER);
    assert.deepEqual([(await standing()).raised, isClosed(await standing())], [2, false]);
  });

  exercise(
    "F5: what is added for the runs of one task is reserved for them, and for no others",
    async (database) => {
      const { store } = database;
      const budget: readonly BudgetLimit[] = [
        { scope: "run", unit: "nanos", amount: 1e9 },
        { scope: "day", unit: "nanos", amount: 50e9 },
      ];
      await store.projects.configure(configured({ budget }), NOW);
      await queue(database, 2);
      const raises = [{ scope: "run", phase: "work", unit: "nanos", amount: 4e9 }] as const;
      await store.commit([changeOf("SHOP-2", { raises })], null, NOW);
      const reserves = async (task: string): Promise<readonly number[]> =>
        (await store.budgets.standings({ project: "shop", task, phase: "work" }, LATER)).map(
          ({ reserve }) => reserve,
        );
      assert.deepEqual(
        [await reserves("SHOP-1"), await reserves("SHOP-2")],
        [
          [1e9, 1e9],
          [5e9, 5e9],
        ],
      );
      await claim(database, "a");
      await claim(database, "b");
      const day = (await store.budgets.standings({ project: "shop", task: null, phase: null }, LATER)).find(
        ({ scope }) => scope === "day",
      );
      assert.equal(day?.reserved, 6e9);
    },
  );

  exercise("The budget digest of a project is remembered over configurations", async (database) => {
    const { projects } = database.store;
    await projects.configure(configured(), NOW);
    assert.deepEqual(await projects.budgetDigests(), new Map());
    await projects.keepBudgetDigests(new Map([["shop", "first"]]));
    await projects.configure(configured(), LATER);
    assert.deepEqual(await projects.budgetDigests(), new Map([["shop", "first"]]));
    await projects.keepBudgetDigests(new Map([["shop", "second"]]));
    assert.deepEqual(await projects.budgetDigests(), new Map([["shop", "second"]]));
  });

  exercise(
    "F7: the reason of a refusal is written when it changes, and goes when it is over",
    async (database) => {
      const { lanes, projects } = database.store;
      await projects.configure(configured(), NOW);
      await queue(database, 1);
      assert.deepEqual(await lanes.waiting(), [
        { project: "shop", agent: "developer", atWork: 0, concurrency: 10 },
      ]);
      const lane = { project: "shop", agent: "developer", remedy: "raise it" };
      await lanes.refuse([{ ...lane, reason: "full" }], NOW);
      await lanes.refuse([{ ...lane, reason: "full" }], LATER);
      assert.deepEqual(await lanes.refusals(), [{ ...lane, reason: "full", since: NOW }]);
      await lanes.refuse([{ ...lane, reason: "closed" }], LATER);
      assert.deepEqual(await lanes.refusals(), [{ ...lane, reason: "closed", since: LATER }]);
      await lanes.refuse([{ ...lane, reason: "closed", remedy: null }], LATER);
      assert.deepEqual(await lanes.refusals(), [{ ...lane, reason: "closed", remedy: null, since: LATER }]);
      await lanes.refuse([], LATER);
      assert.deepEqual(await lanes.refusals(), []);
    },
  );
}
