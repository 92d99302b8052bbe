/**
 * The admin side: `/api/v1/*`, `/openapi.json`, `/metrics`, `/healthz`, `/readyz`.
 *
 * A1. Everything but the two health checks needs the token, compared in constant time; or it is asked from within the
 *     daemon (K1 of `handlers/asker.ts`).
 * A2. Requests are validated by the schemas that `/openapi.json` is generated from.
 * A3. Whatever changes a task is an intent, answered by `decide` like everybody's; here is no second way.
 * A4. A body is JSON and says so; one that a form could have sent is refused, not guessed at.
 * A5. Who asks by a name that is not ours is answered 421, before anything else is looked at.
 */

import { createHash, timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { StoreFault } from "../../store/engine/engine.ts";
import type { Log } from "../../system/log.ts";
import { ASKER } from "../asker.ts";
import { type Api, type ApiOptions, newApi } from "./base.ts";
import { budgetRoutes } from "./budgets.ts";
import { cooldownRoutes } from "./cooldowns.ts";
import { deliveryRoutes } from "./deliveries.ts";
import { explainRoutes } from "./explain.ts";
import { jobRoutes } from "./jobs.ts";
import { keptRoutes } from "./kept.ts";
import { revisionRoutes } from "./looking-back/revisions.ts";
import { snapshotRoutes } from "./looking-back/snapshots.ts";
import { turnRoutes } from "./looking-back/turns.ts";
import { METRICS_TYPE, metricsOf } from "./metrics/metrics.ts";
import { outboxRoutes } from "./outbox.ts";
import { isOwnHost } from "./own-host.ts";
import { freezeRoutes } from "./people/freezes.ts";
import { gateRoutes } from "./people/gates.ts";
import { linkRoutes } from "./people/links.ts";
import { pauseRoutes } from "./people/pauses.ts";
import { questionRoutes } from "./people/questions.ts";
import { trialRoutes } from "./people/trials.ts";
import { webhookRoutes } from "./people/webhooks.ts";
import { problem } from "./problem.ts";
import { recurringRoutes } from "./recurring.ts";
import { runRoutes } from "./runs.ts";
import { overrideRoutes } from "./schedules/override.ts";
import { scheduleRoutes } from "./schedules/schedules.ts";
import { windowRoutes } from "./schedules/windows.ts";
import { statusRoutes } from "./status.ts";
import { taskRoutes } from "./tasks.ts";

const ROUTES = [
  statusRoutes,
  taskRoutes,
  explainRoutes,
  jobRoutes,
  runRoutes,
  turnRoutes,
  revisionRoutes,
  snapshotRoutes,
  deliveryRoutes,
  outboxRoutes,
  keptRoutes,
  budgetRoutes,
  cooldownRoutes,
  pauseRoutes,
  freezeRoutes,
  gateRoutes,
  questionRoutes,
  linkRoutes,
  trialRoutes,
  webhookRoutes,
  recurringRoutes,
  scheduleRoutes,
  overrideRoutes,
  windowRoutes,
];
const BODY_BYTES_MAX = 1_048_576;
const RETRY_AFTER_SECONDS = 5;
const OPEN = new Set(["/healthz", "/readyz"]);
const UNREADABLE: Readonly<Record<number, string>> = {
  400: "the body is not JSON",
  415: "send the body as `content-type: application/json`",
};

export function adminApp(options: ApiOptions): Api {
  const { hostNames, log, token, version } = options;
  const app = newApi();
  const isToken = tokenCheck(token);
  app.use("*", async (c, next) => {
    if (isOwnHost(c.req.url, hostNames())) return next();
    const detail =
      "the admin side does not go by this name; ask by an address or localhost, or put it into server.admin_names";
    return problem(421, { detail });
  });
  app.use("*", async (c, next) => {
    const isOwn = c.env?.[ASKER] !== undefined;
    if (isOwn || OPEN.has(c.req.path) || isToken(c.req.header("authorization"))) return next();
    const detail =
      "the admin side needs `Authorization: Bearer <token>`; the token is in <data_dir>/admin-token";
    return problem(401, { detail }, { "www-authenticate": 'Bearer realm="chargehand"' });
  });
  app.use(
    "*",
    bodyLimit({ maxSize: BODY_BYTES_MAX, onError: () => problem(413, { detail: "at most 1 MiB" }) }),
  );
  addHealth(app, options);
  const metrics = metricsOf(options);
  app.get("/metrics", async (c) => c.body(await metrics(), 200, { "content-type": METRICS_TYPE }));
  app.openAPIRegistry.registerComponent("securitySchemes", "token", { type: "http", scheme: "bearer" });
  for (const routes of ROUTES) app.route("/api/v1", routes(options));
  // Made when somebody asks: at start it would cost time and memory that few need.
  app.doc31("/openapi.json", {
    openapi: "3.1.0",
    info: { title: "Chargehand", version },
    security: [{ token: [] }],
  });
  app.notFound((c) => problem(404, { detail: `there is no ${c.req.method} ${c.req.path}` }));
  app.onError((error, c) => explain(error, c, log));
  return app;
}

function addHealth(app: Api, { store, clock, signal }: ApiOptions): void {
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", async (c) => {
    if (signal.aborted) return problem(503, { detail: "the daemon is stopping" });
    await store.totals(clock.now());
    return c.json({ status: "ready" });
  });
}

/** Errors that no route answers itself. */
function explain(error: Error, { req }: Context, log: Log): Response {
  if (error instanceof HTTPException) {
    // Thrown by the validators, each status for one reason.
    const detail = UNREADABLE[error.status];
    if (detail !== undefined) return problem(error.status, { detail });
  }
  const about = { path: req.path, error: error.stack ?? String(error) };
  if (error instanceof StoreFault) {
    log.error({ event: "api.store", ...about, hint: error.hint });
    const detail = "the database cannot work just now; the daemon's log says why";
    return problem(503, { detail }, { "retry-after": String(RETRY_AFTER_SECONDS) });
  }
  log.error({ event: "api.error", ...about });
  return problem(500, { detail: "the daemon met an unexpected error; its log says which" });
}

/** Compares digests, so that neither the token nor its length can be learnt from the time it takes. */
function tokenCheck(token: string): (header: string | undefined) => boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  const expected = digest(token);
  return (header) => {
    const given = /^Bearer +(\S+) *$/i.exec(header ?? "")?.[1];
    return given !== undefined && timingSafeEqual(digest(given), expected);
  };
}
