/** What is measured: the same figures on every engine. */

import assert from "node:assert/strict";
import type { NewDelivery } from "../../workflow/delivery.ts";
import { type Exercise, NOW, putJob, putRun, putTask, write } from "./database.ts";
import { claim, configured, use } from "./limits.ts";

const delivery = (deliveryId: string, source: NewDelivery["source"] = "github"): NewDelivery => {
  return { source, deliveryId, headerId: null, event: "issues", body: "{}" };
};

export function exerciseMetrics(exercise: Exercise): void {
  exercise("gauges count what is open, by project and source, and say since when", async (database) => {
    const { metrics, deliveries } = database.store;
    const nothing = await metrics.gauges();
    assert.deepEqual([nothing.inboxSince, nothing.outboxSince], [null, null]);
    assert.deepEqual([nothing.inbox, nothing.jobs, nothing.runs, nothing.cards], [[], [], [], []]);
    assert.ok(nothing.databaseBytes > 0);
    for (const [index, status] of ["queued", "held", "done", "queued"].entries())
      await putJob(database, await putTask(database, index + 1), status);
    await putRun(database, "a", "SHOP-1", "running");
    await putRun(database, "b", "SHOP-2", "failed");
    const [handled] = await deliveries.record([delivery("1")], NOW);
    await deliveries.record([delivery("2"), delivery("3", "plane")], NOW + 5);
    await deliveries.finish(handled?.id ?? 0, "ignored", "not for us", null, NOW);
    const { inbox, inboxSince, jobs, runs } = await metrics.gauges();
    const told = (list: typeof jobs) =>
      list.map(({ name, status, count }) => `${name} ${status} ${count}`).toSorted();
    assert.deepEqual(told(jobs), ["shop held 1", "shop queued 2"]);
    assert.deepEqual(told(runs), ["shop running 1"]);
    assert.deepEqual(told(inbox), ["github received 1", "plane received 1"]);
    assert.equal(inboxSince, NOW + 5);
  });

  exercise("deliveries and runs are found by their numbers, open ones by their status", async (database) => {
    const { metrics, deliveries, projects } = database.store;
    assert.deepEqual([await metrics.deliveries.newest(), await metrics.runs.newest()], [0, 0]);
    const recorded = await deliveries.record([delivery("1"), delivery("2"), delivery("3")], NOW);
    const [first = 0, second = 0, third = 0] = recorded.map(({ id }) => id);
    await deliveries.finish(second, "failed", "no answer", null, NOW);
    const names = (list: readonly { readonly seq: number; readonly isOver: boolean }[]) =>
      list.map(({ seq, isOver }) => [seq, isOver]);
    assert.equal(await metrics.deliveries.newest(), third);
    assert.deepEqual(names(await metrics.deliveries.open(1)), [[third, false]]);
    assert.deepEqual(names(await metrics.deliveries.after(first, 5)), [
      [second, true],
      [third, false],
    ]);
    assert.deepEqual(names(await metrics.deliveries.these([first, second, 99_999])), [
      [first, false],
      [second, true],
    ]);
    assert.deepEqual(await metrics.deliveries.these([]), []);
    await projects.configure(configured(), NOW);
    await putJob(database, await putTask(database, 1), "queued");
    await claim(database, "a", NOW + 3_000);
    await use(database, "a", 0.5, 100);
    const [run] = await metrics.runs.open(5);
    assert.deepEqual([run?.id, run?.waitedMs, run?.ranMs, run?.isOver], ["a", 3_000, null, false]);
    assert.deepEqual(
      (await metrics.usage(["a", "b"])).map(({ inputTokens }) => inputTokens),
      [100],
    );
    // A second run of the job has waited since the end of the first.
    await write(
      database,
      "update runs set status = 'killed', failure = 'cancelled', started_at = $1, finished_at = $2",
      [NOW + 3_100, NOW + 9_100],
    );
    await write(
      database,
      `insert into runs (id, job, task, project, phase, agent, fence, status, claimed_at)
       select 'b', job, task, project, phase, agent, 4, 'starting', $1 from runs where id = 'a'`,
      [NOW + 10_000],
    );
    const [ended, begun] = await metrics.runs.after(0, 5);
    assert.deepEqual([ended?.failure, ended?.ranMs, ended?.isOver], ["cancelled", 6_000, true]);
    assert.deepEqual([begun?.id, begun?.waitedMs], ["b", 900]);
  });
}
