/** `GET /api/v1/status`: counts, what runs, what was spent today. */

import { createRoute } from "@hono/zod-openapi";
import { type Api, type ApiOptions, newApi } from "./base.ts";
import { json, PROBLEMS } from "./route.ts";
import { iso, usd, viewAccount, viewRefusal, viewRun, viewWideHold } from "./run-view.ts";
import { StatusView } from "./shapes.ts";

const SHOW = createRoute({
  method: "get",
  path: "/status",
  responses: {
    200: json("Counts by status, what runs, what is closed and why, spend today", StatusView),
    ...PROBLEMS,
  },
});

export function statusRoutes(options: ApiOptions): Api {
  const { store, clock, version, pid, startedAt, database, config } = options;
  return newApi().openapi(SHOW, async (c) => {
    const now = clock.now();
    const [totals, live, accounts, wide, refusals] = await Promise.all([
      store.totals(now),
      store.runs.live(() => undefined),
      store.accounts.list(),
      store.holds.wide(),
      store.lanes.refusals(),
    ]);
    const standing = accounts.map((account) => viewAccount(account, wide));
    const { file, loadedAt, error, restartNeeded } = config();
    const { deliveries, tasks, jobs, runs, holds, spentTodayNanos } = totals;
    const status = {
      version,
      pid,
      started_at: iso(startedAt),
      uptime_s: Math.floor((now - startedAt) / 1_000),
      deliveries,
      tasks,
      jobs,
      runs,
      holds,
      accounts: standing,
      cooldowns: standing.filter((account) => account.status !== "open"),
      wide_holds: wide.map(viewWideHold),
      refusals: refusals.map(viewRefusal),
      running: live.map(viewRun),
      spend_today_usd: usd(spentTodayNanos) ?? 0,
      database,
      config: { file, loaded_at: iso(loadedAt), error, restart_needed: [...restartNeeded] },
    };
    return c.json(status, 200);
  });
}
