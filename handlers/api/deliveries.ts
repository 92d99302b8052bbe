/** Deliveries over the API: what came in, what became of it, and doing it again. */

import { createRoute, z } from "@hono/zod-openapi";
import { deliveryMoves } from "../../workflow/states.ts";
import { type Api, type ApiOptions, newApi } from "./base.ts";
import { problem } from "./problem.ts";
import { BODY_PROBLEMS, json, listOf, NOT_FOUND, PROBLEMS, pageQuery, pageView } from "./route.ts";
import { EmptyBody, PageParams } from "./shapes.ts";
import { DeliveryView, viewDelivery, WholeDeliveryView } from "./views/delivery.ts";

const params = z.object({ id: z.coerce.number().int().positive().openapi({ type: "integer" }) });

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
  summary: "Handle a stored delivery once more, as a new one",
  request: { params, body: json("", EmptyBody) },
  responses: {
    201: json("A new delivery with the same content", DeliveryView),
    ...PROBLEMS,
    ...BODY_PROBLEMS,
    ...NOT_FOUND,
  },
});

export function deliveryRoutes({ store, clock }: ApiOptions): Api {
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
    const replay = await store.deliveries.replay(id, clock.now());
    return replay === null ? await unknown(id) : c.json(viewDelivery(replay), 201);
  });
  return api;
}
