/** Deliveries over the API: what came in, what became of it, and doing it again. */

import { createRoute, z } from "@hono/zod-openapi";
import { deliveryMoves } from "../../workflow/states.ts";
import { askerOf } from "../asker.ts";
import { type Api, type ApiOptions, newApi } from "./base.ts";
import { problem } from "./problem.ts";
import { BODY_PROBLEMS, json, listOf, NOT_FOUND, PROBLEMS, pageQuery, pageView, REFUSED } from "./route.ts";
import { PageParams } from "./shapes.ts";
import { DeliveryView, viewDelivery, WholeDeliveryView } from "./views/delivery.ts";

const params = z.object({ id: z.coerce.number().int().positive().openapi({ type: "integer" }) });

const ReplayBody = z
  .strictObject({
    key: z
      .string()
      .regex(/^[\w-]{1,64}$/, "letters, digits, - and _, at most 64")
      .optional()
      .openapi({ description: "asked for twice by the same key, it is replayed once" }),
  })
  .openapi("Replay");

const LIST = createRoute({
  method: "get",
  path: "/deliveries",
  operationId: "listDeliveries",
  summary: "List deliveries, newest first",
  request: {
    query: PageParams.extend({
      status: z.enum(deliveryMoves.statuses).optional(),
      source: z.string().optional(),
    }),
  },
  responses: { 200: json("Deliveries, newest first", listOf("deliveries", DeliveryView)), ...PROBLEMS },
});

const SHOW = createRoute({
  method: "get",
  path: "/deliveries/{id}",
  operationId: "showDelivery",
  summary: "Show a delivery with its body",
  request: { params },
  responses: { 200: json("The delivery with its body", WholeDeliveryView), ...PROBLEMS, ...NOT_FOUND },
});

const REPLAY = createRoute({
  method: "post",
  path: "/deliveries/{id}/replay",
  operationId: "replayDelivery",
  summary: "Handle a stored delivery once more, as a new one; what it has had for an effect is had once",
  request: { params, body: json("", ReplayBody) },
  responses: {
    200: json("The delivery that was made for this key before, as it is now", DeliveryView),
    201: json("A new delivery with the same content", DeliveryView),
    ...PROBLEMS,
    ...BODY_PROBLEMS,
    ...NOT_FOUND,
    ...REFUSED,
  },
});

export function deliveryRoutes({ store, clock, log }: ApiOptions): Api {
  const api = newApi();
  /** Ids are given in order, so one that is lower than another that is there was given once. */
  const unknown = async (id: number): Promise<Response> => {
    const [newest] = (await store.deliveries.list({ limit: 1, before: null })).items;
    if (newest === undefined || id > newest.id) return problem(404, { detail: `there is no delivery ${id}` });
    const detail = `delivery ${id} is pruned: they are kept as long as retention.deliveries says`;
    return problem(404, { detail, state: "pruned" });
  };
  api.openapi(LIST, async (c) => {
    const { status, source, ...page } = c.req.valid("query");
    const deliveries = await store.deliveries.list({ ...pageQuery(page), status, source });
    return c.json(pageView("deliveries", deliveries, viewDelivery), 200);
  });
  api.openapi(SHOW, async (c) => {
    const { id } = c.req.valid("param");
    const delivery = await store.deliveries.get(id);
    return delivery === null
      ? await unknown(id)
      : c.json({ ...viewDelivery(delivery), body: delivery.body }, 200);
  });
  api.openapi(REPLAY, async (c) => {
    const { id } = c.req.valid("param");
    const asker = askerOf(c);
    const replayed = await store.deliveries.replay(id, clock.now(), c.req.valid("json").key ?? null);
    if (replayed.kind === "missing") return await unknown(id);
    if (replayed.kind === "waiting") {
      const detail = `delivery ${id} is not handled yet, and will be: chargehand deliveries show ${id} says why it waits`;
      return problem(409, { detail, state: "received" });
    }
    const { delivery, isFresh } = replayed;
    if (isFresh)
      log.info({ event: "delivery.replayed", delivery: delivery.id, replay_of: id, by: asker.by.name });
    return c.json(viewDelivery(delivery), isFresh ? 201 : 200);
  });
  return api;
}
