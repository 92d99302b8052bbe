/** `POST /api/v1/notify/test`: a message on trial to channels, and what became of it; nothing is owed afterwards. */

import { createRoute, z } from "@hono/zod-openapi";
import { suggestion } from "../../../system/config/suggestion.ts";
import { type Api, type ApiOptions, type ChannelTried, newApi } from "../base.ts";
import { problem } from "../problem.ts";
import { BODY_PROBLEMS, json, NOT_FOUND, PROBLEMS } from "../route.ts";
import { isoOrNull, maybeTime, remedy, words } from "../shapes.ts";

const TrialView = z
  .object({
    channel: z.string(),
    outcome: z.enum(["arrived", "refused", "limited", "unreachable", "unsure"]).openapi({
      description:
        "limited: nothing was sent, and nothing may be for a while; unsure: it may have arrived, and nobody saw the end",
    }),
    id: words.openapi({ description: "by which the channel knows the message, where it says so" }),
    until: maybeTime.openapi({ description: "when something may be sent again" }),
    reason: words.openapi({ description: "why it is not known to have arrived" }),
    remedy,
  })
  .openapi("Trial");

const TrialsView = z.object({ trials: z.array(TrialView) }).openapi("Trials");
export type TrialsAnswer = z.infer<typeof TrialsView>;

const TrialBody = z.strictObject({
  channel: z
    .string()
    .max(200)
    .optional()
    .openapi({ description: "such as `telegram:team`, `webhook:till` or `log`; left out, all of them" }),
});

const TEST = createRoute({
  method: "post",
  path: "/notify/test",
  operationId: "testChannels",
  summary: "Send a test message to a channel, or to all, and wait for its end (at most 20 s)",
  request: { body: json("", TrialBody) },
  responses: {
    200: json("What became of each, also where it was refused", TrialsView),
    ...PROBLEMS,
    ...BODY_PROBLEMS,
    ...NOT_FOUND,
  },
});

export function trialRoutes({ trials }: ApiOptions): Api {
  return newApi().openapi(TEST, async (c) => {
    const { channel } = c.req.valid("json");
    const known = trials?.names() ?? [];
    if (channel !== undefined && !known.includes(channel)) {
      const others = known.length === 0 ? "; there are none" : `; known are ${known.join(", ")}`;
      return problem(404, {
        detail: `there is no channel ${channel}${suggestion(channel, known) || others}`,
      });
    }
    const asked = channel === undefined ? known : [channel];
    const tried = await Promise.all(
      asked.map(async (name) => {
        const what = await trials?.run(name);
        return what === undefined ? [] : [viewTried(name, what)];
      }),
    );
    return c.json({ trials: tried.flat() }, 200);
  });
}

function viewTried(
  channel: string,
  { outcome, id, until, reason, remedy: help }: ChannelTried,
): TrialsAnswer["trials"][number] {
  return { channel, outcome, id, until: isoOrNull(until), reason, remedy: help };
}
