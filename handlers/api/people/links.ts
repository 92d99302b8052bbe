/**
 * Links of chats over the API: a code to be sent to the bot, and what whoever sent it has shown by that. What it has
 * shown is written into the configuration by a person.
 */

import { createRoute, z } from "@hono/zod-openapi";
import { suggestion } from "../../../system/config/suggestion.ts";
import { nameText } from "../../outside-text.ts";
import { type Api, type ApiOptions, type ChatLinks, newApi } from "../base.ts";
import { problem } from "../problem.ts";
import { BODY_PROBLEMS, json, NOT_FOUND, PROBLEMS } from "../route.ts";
import { EmptyBody, iso, time, words } from "../shapes.ts";

const CodeView = z
  .object({
    chat: z.string(),
    code: z.string().openapi({ description: "good once; whoever sends `/link CODE` to the bot is shown" }),
    until: time,
  })
  .openapi("LinkCode");
export type LinkCodeAnswer = z.infer<typeof CodeView>;

const LinkView = z
  .object({
    chat: z.string(),
    status: z.enum(["waiting", "linked", "over"]).openapi({
      description: "over: its time has passed, or it was spoilt by wrong codes",
    }),
    until: time,
    shown: z
      .object({
        chat: z.string().openapi({ description: "id of the chat, as the configuration wants it" }),
        topic: words,
        person: z.string().openapi({ description: "id of the person" }),
        name: z.string().openapi({ description: "what they call themselves; it allows nothing" }),
      })
      .nullable(),
    config: z.string().openapi({ description: "lines for the configuration; empty while nothing is shown" }),
  })
  .openapi("Link");
export type LinkAnswer = z.infer<typeof LinkView>;

const byName = { params: z.object({ name: z.string().openapi({ description: "such as `telegram:team`" }) }) };

const BEGIN = createRoute({
  method: "post",
  path: "/chats/{name}/link",
  operationId: "beginLink",
  summary: "Make a code by which somebody in a chat can show themselves and the chat",
  request: { ...byName, body: json("", EmptyBody) },
  responses: {
    200: json("In place of an earlier one of its account", CodeView),
    ...PROBLEMS,
    ...BODY_PROBLEMS,
    ...NOT_FOUND,
  },
});
const SHOW = createRoute({
  method: "get",
  path: "/chats/{name}/link",
  operationId: "showLink",
  summary: "Show what the code of a chat has shown",
  request: byName,
  responses: { 200: json("How it stands", LinkView), ...PROBLEMS, ...NOT_FOUND },
});

export function linkRoutes({ chats }: ApiOptions): Api {
  const api = newApi();
  const find = (
    name: string,
  ): { readonly links: ChatLinks["links"]; readonly account: string } | Response => {
    const accounts = chats?.accounts() ?? new Map<string, string>();
    const account = accounts.get(name);
    if (chats !== undefined && account !== undefined) return { links: chats.links, account };
    const known = [...accounts.keys()];
    const others = known.length === 0 ? "; there are no chats yet" : `; known are ${known.join(", ")}`;
    return problem(404, { detail: `there is no chat ${name}${suggestion(name, known) || others}` });
  };
  api.openapi(BEGIN, (c) => {
    const { name } = c.req.valid("param");
    const found = find(name);
    if (found instanceof Response) return found;
    const { code, until } = found.links.begin(found.account);
    return c.json({ chat: name, code, until: iso(until) }, 200);
  });
  api.openapi(SHOW, (c) => {
    const { name } = c.req.valid("param");
    const found = find(name);
    if (found instanceof Response) return found;
    const link = found.links.look(found.account);
    if (link === null) return problem(404, { detail: `no code was made for ${name}` });
    const { status, until, shown } = link;
    const told = shown === null ? null : { chat: shown.chat, topic: shown.topic, ...personOf(shown.person) };
    const config = told === null ? "" : configLines(name, told);
    return c.json({ chat: name, status, until: iso(until), shown: told, config }, 200);
  });
  return api;
}

function personOf({ id, name }: { readonly id: string; readonly name: string }) {
  return { person: id, name: nameText(name) };
}

/** As JSON writes text, YAML reads it: nothing that people call themselves can become a key. */
function configLines(
  name: string,
  { chat, topic, person, name: called }: NonNullable<LinkAnswer["shown"]>,
): string {
  const at = name.indexOf(":");
  const [channel, own] = at < 0 ? [name, null] : [name.slice(0, at), name.slice(at + 1)];
  return [
    `- channel: ${channel}`,
    ...(own === null ? [] : [`  name: ${own}`]),
    `  chat: ${JSON.stringify(chat)}`,
    ...(topic === null ? [] : [`  topic: ${JSON.stringify(topic)}`]),
    "  people:",
    `    - id: ${JSON.stringify(person)}`,
    `      name: ${JSON.stringify(called)}`,
  ].join("\n");
}
