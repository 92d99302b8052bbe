/** What the page, and tests in other processes, ask of the server besides the API: `/_/…`, JSON in and out. */

import { Hono } from "hono";
import type { Courier } from "../fake-host/courier.ts";
import { RULES } from "../fake-host/faults.ts";
import { goneSignal, type HostEnv } from "../fake-host/listen.ts";
import type { Ci } from "./hands/ci.ts";
import type { People } from "./hands/people.ts";
import type { Host } from "./http/answer.ts";
import { logKey } from "./rest/checks.ts";
import { stateOf } from "./state.ts";

/** For so long (ms) whoever looks is kept waiting for something new. */
const LOOK_MS = 20_000;

export interface Served {
  readonly host: Host;
  readonly people: People;
  readonly ci: Ci;
  readonly courier: Courier;
}

export function controlApp({ host, people, ci, courier }: Served, closing: AbortSignal): Hono<HostEnv> {
  const { world } = host;
  const app = new Hono<HostEnv>();
  app.get("/state", async (c) => {
    const after = Number(c.req.query("after") ?? -1);
    if (world.version <= after) await world.wait(LOOK_MS, goneSignal(c, closing));
    return c.json(stateOf(host));
  });
  app.get("/logs/:id", (c) => {
    const id = Number(c.req.param("id"));
    if (c.req.header("authorization") !== undefined) return c.text("AuthenticationFailed", 403);
    if (c.req.query("sig") !== logKey(world, id)) return c.text("AuthenticationFailed", 403);
    const job = [...world.repos.values()].flatMap(({ checkRuns }) => checkRuns).find((run) => run.id === id);
    return job?.log == null ? c.notFound() : c.text(job.log);
  });
  const answer = async (act: (body: unknown) => unknown, text: string): Promise<Response> => {
    try {
      const result = await act(JSON.parse(text || "{}"));
      return Response.json(typeof result === "object" ? small(result) : { result: result ?? null });
    } catch (error) {
      return Response.json({ error: error instanceof Error ? error.message : "" }, { status: 400 });
    }
  };
  for (const [name, hands] of Object.entries({ people, ci }))
    app.post(`/${name}/:verb`, async (c) => {
      const verb = c.req.param("verb");
      const act: unknown = verb in Object.prototype ? null : Reflect.get(hands, verb);
      if (typeof act !== "function") return c.json({ error: "nobody can do this" }, 404);
      return await answer((body) => Reflect.apply(act, hands, [body]), await c.req.text());
    });
  app.post(
    "/faults",
    async (c) => await answer((body) => host.faults.play(RULES.parse(body)), await c.req.text()),
  );
  app.post("/courier", async (c) => await answer((body) => courier.play(Object(body)), await c.req.text()));
  app.post(
    "/clock",
    async (c) => await answer((body) => world.pass(Number(Object(body).pass_ms)), await c.req.text()),
  );
  return app;
}

/** What was made, by its numbers. */
function small(made: unknown): object {
  const { id = null, number = null } = Object(made);
  return { id, number };
}
