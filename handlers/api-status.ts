/** `GET /api/v1/status`: counts, what runs, what was spent today. */

import { createRoute } from "@hono/zod-openapi";
import { type Api, type ApiOptions, newApi } from "./api-base.ts";
import { json, PROBLEMS } from "./api-route.ts";
import { StatusView } from "./api-schemas.ts";
import { iso, usd, viewRun } from "./api-views.ts";

const SHOW = createRoute({
  method: "get",
  path: "/status",
  responses: { 200: json("Counts by status, running runs, spend today", StatusView), ...PROBLEMS },
});

export function statusRoutes(options: ApiOptions): Api {
  const { store, clock, version, pid, startedAt, database } = options;
  return newApi().openapi(SHOW, async (c) => {
    const now = clock.now();
    const [totals, live] = await Promise.all([store.totals(now), store.runs.live()]);
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
      running: live.map(viewRun),
      spend_today_usd: usd(spentTodayNanos) ?? 0,
      database,
    };
    return c.json(status, 200);
  });
}
