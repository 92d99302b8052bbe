/** `POST /api/v1/webhooks/test`: what a webhook would do now, and why; nothing is stored. */

import { createRoute, z } from "@hono/zod-openapi";
import { isNamedSource, SOURCES } from "../../../workflow/delivery.ts";
import type { WebhookTried, WishTried } from "../../trial.ts";
import { type Api, type ApiOptions, newApi } from "../base.ts";
import { problem } from "../problem.ts";
import { BODY_PROBLEMS, json, NOT_FOUND, PROBLEMS } from "../route.ts";
import { words } from "../shapes.ts";

const task = z.string().nullable();

const WishView = z
  .object({
    project: z.string(),
    intent: z.string().openapi({ description: "what is asked for, such as `start_task`" }),
    title: words.openapi({ description: "of the task that is asked for" }),
    because: z.string().openapi({ description: "the rule of the project that matched" }),
    actor: z.string(),
    trust: z.enum(["trusted", "untrusted", "unknown"]),
    reason: z.string().openapi({ description: "why that person may or may not" }),
    effect: z.enum(["change", "answer", "nothing", "loop", "later"]).openapi({
      description:
        "answer: it is answered where it was asked; loop: the rate breaker would keep it; later: it would be tried again",
    }),
    task: task.openapi({ description: "the one that it is about; null of one that would be made" }),
    events: z.array(z.string()).openapi({ description: "what its history would get" }),
    why: words.openapi({ description: "why nothing would change" }),
  })
  .openapi("TriedWish");

const TriedView = z
  .object({
    result: z.enum(["wishes", "ignored", "failed", "later"]),
    reason: words.openapi({ description: "why it asks for nothing" }),
    is_stored: z.boolean().openapi({
      description:
        "a delivery of this id is stored; the sender would be told so, and nothing else would happen",
    }),
    heard_by: z.number().int().nullable().openapi({
      description: "the delivery that has told the same change before; this one would end without an effect",
    }),
    is_behind: z.boolean().openapi({
      description: "an earlier delivery about the same thing waits, and this one would wait for it",
    }),
    wishes: z.array(WishView),
  })
  .openapi("TriedWebhook");
export type TriedWebhook = z.infer<typeof TriedView>;

const TestBody = z
  .strictObject({
    source: z.string().max(200).openapi({ description: "such as `github`" }),
    event: z.string().min(1).max(200).openapi({ description: "such as `issues`" }),
    delivery_id: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .openapi({ description: "what identifies it; left out, it is a new one" }),
    payload: z.record(z.string(), z.unknown()),
  })
  .openapi("WebhookOnTrial");

const TEST = createRoute({
  method: "post",
  path: "/webhooks/test",
  operationId: "testWebhook",
  summary: "Say what a webhook would do now, and why; nothing is stored, and its source may be asked",
  request: { body: json("", TestBody) },
  responses: {
    200: json("What would become of it", TriedView),
    ...PROBLEMS,
    ...BODY_PROBLEMS,
    ...NOT_FOUND,
  },
});

/** Of a delivery that nobody else can have. */
const NEW_ID = "on trial";

export function webhookRoutes({ tryWebhook, log }: ApiOptions): Api {
  return newApi().openapi(TEST, async (c) => {
    const { source: name, event, delivery_id: id, payload } = c.req.valid("json");
    const source = SOURCES.find((one) => one === name) ?? (isNamedSource(name) ? name : undefined);
    if (source === undefined || source.startsWith("chat:"))
      return problem(404, { detail: `there is no source ${name} that sends webhooks` });
    const tried = await tryWebhook?.({
      ...{ source, event, deliveryId: id ?? NEW_ID, headerId: null, body: JSON.stringify(payload) },
    });
    if (tried === undefined || tried === null)
      return problem(503, { detail: "the daemon does not know its sources yet; ask again in some seconds" });
    return c.json(viewTried(tried, log.redactor.redact), 200);
  });
}

function viewTried(
  { result, reason, isStored, heardBy, isBehind, wishes }: WebhookTried,
  redact: (text: string) => string,
): TriedWebhook {
  return {
    ...{ result, is_stored: isStored, heard_by: heardBy, is_behind: isBehind },
    reason: reason === null ? null : redact(reason),
    wishes: wishes.map((one) => viewWish(one, redact)),
  };
}

function viewWish(
  { wish: { project, intent, actor }, trust, because, effect }: WishTried,
  redact: (text: string) => string,
): TriedWebhook["wishes"][number] {
  return {
    ...{ project: project.name, intent: intent.kind, because: intent.because, actor: actor.name, trust },
    title: "title" in intent && intent.title !== undefined ? redact(intent.title) : null,
    reason: redact(because),
    effect: effect.kind,
    task: "task" in effect ? effect.task : null,
    events: effect.kind === "change" ? [...effect.events] : [],
    why: "reason" in effect ? redact(effect.reason) : null,
  };
}
