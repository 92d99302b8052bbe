/**
 * The admin side: `/api/v1/*`, `/openapi.json`, `/healthz`, `/readyz`.
 *
 * A1. Everything but the two health checks needs the token, compared in constant time.
 * A2. Requests are validated by the schemas that `/openapi.json` is generated from.
 * A3. Whatever changes a task is an intent, answered by `decide` like everybody's; here is no second way.
 */

import { createHash, timingSafeEqual } from "node:crypto";
import { bodyLimit } from "hono/body-limit";
import { type Api, type ApiOptions, newApi } from "./api-base.ts";
import { deliveryRoutes } from "./api-deliveries.ts";
import { runRoutes } from "./api-runs.ts";
import { statusRoutes } from "./api-status.ts";
import { taskRoutes } from "./api-tasks.ts";
import { problem } from "./problem.ts";

const BODY_BYTES_MAX = 1_048_576;
const OPEN = new Set(["/healthz", "/readyz"]);

export function adminApp(options: ApiOptions): Api {
  const { log, token, store, clock } = options;
  const app = newApi();
  const isToken = tokenCheck(token);
  app.use("*", async (c, next) => {
    if (OPEN.has(c.req.path) || isToken(c.req.header("authorization"))) return next();
    const detail =
      "the admin side needs `Authorization: Bearer <token>`; the token is in <data_dir>/admin-token";
    return problem(401, { detail }, { "www-authenticate": "Bearer" });
  });
  app.use(
    "*",
    bodyLimit({ maxSize: BODY_BYTES_MAX, onError: () => problem(413, { detail: "at most 1 MiB" }) }),
  );
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", async (c) => {
    await store.totals(clock.now());
    return c.json({ status: "ready" });
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "token", { type: "http", scheme: "bearer" });
  for (const routes of [statusRoutes, taskRoutes, runRoutes, deliveryRoutes])
    app.route("/api/v1", routes(options));
  app.doc31("/openapi.json", {
    openapi: "3.1.0",
    info: { title: "Chargehand", version: options.version },
    security: [{ token: [] }],
  });
  app.notFound((c) => problem(404, { detail: `there is no ${c.req.method} ${c.req.path}` }));
  app.onError((error, c) => {
    if (error instanceof SyntaxError || error.message.startsWith("Malformed JSON")) {
      return problem(400, { detail: "the body is not JSON" });
    }
    log.error({ event: "api.error", path: c.req.path, error: error.stack ?? String(error) });
    return problem(500, { detail: "the daemon met an unexpected error; its log says which" });
  });
  return app;
}

function tokenCheck(token: string): (header: string | undefined) => boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  const expected = digest(`Bearer ${token}`);
  return (header) => header !== undefined && timingSafeEqual(digest(header), expected);
}
