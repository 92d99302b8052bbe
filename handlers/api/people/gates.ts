/**
 * What people say about the work of a task over the API: that a phase is good, that it is not, that the task is given
 * up; what CI has found out about a commit; feedback for whoever works on it next; and what there is to look at before.
 *
 * The token is the operator's, so whoever sends a name with it is believed, as with pauses.
 */

import { createRoute, z } from "@hono/zod-openapi";
import type { AnswerGate } from "../../../workflow/decide/gates/answer-gate.ts";
import { BODY_CHARS_MAX, CI_CHECKS_MAX, SUMMARY_CHARS_MAX } from "../../../workflow/limits.ts";
import { CHECK_STATUSES } from "../../../workflow/phases/ci.ts";
import { type Asker, askerOf } from "../../asker.ts";
import { bodyText, lineText, webAddress } from "../../outside-text.ts";
import { type Api, type ApiOptions, newApi } from "../base.ts";
import { changeTask } from "../changes.ts";
import { unknownTask } from "../find.ts";
import { BODY_PROBLEMS, json, listOf, NOT_FOUND, PROBLEMS, pageQuery, pageView, REFUSED } from "../route.ts";
import { count, PageParams, taskKey } from "../shapes.ts";
import { ArtifactView, viewArtifact } from "../views/phase.ts";
import { WholeTaskView } from "../views/task.ts";

const WHY_CHARS_MAX = 16_384;
const NAME_CHARS_MAX = 80;
const CHECK_NAME_CHARS_MAX = 200;

const by = z.string().trim().min(1).max(NAME_CHARS_MAX).default("operator").openapi({
  description: "who says it, as they want to be called, and as `approvers` of a gate calls them",
});
const because = z.string().trim().min(1).max(WHY_CHARS_MAX);
const artifact = z
  .string()
  .regex(/^[0-9a-f]{8,64}$/, "must be the SHA-256 of the artifact, or its first 8 digits or more")
  .optional()
  .openapi({ description: "what the answer is about: another artifact is refused" });

const commit = z
  .string()
  .regex(/^[0-9a-f]{8,64}$/, "must be the SHA of the commit, or its first 8 digits or more")
  .optional()
  .openapi({ description: "the state of the work that the answer is about: another one is refused" });

const approval = count
  .optional()
  .openapi({ description: "the number of what is answered: another approval is not" });
const ABOUT = { artifact, commit, approval };

const ApproveBody = z.strictObject({ by, because: because.optional(), ...ABOUT }).openapi("Approve");
const RejectBody = z
  .strictObject({ by, because: because.openapi({ description: "what has to change" }), ...ABOUT })
  .openapi("Reject");
const check = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(CHECK_NAME_CHARS_MAX)
    .openapi({ description: "as the workflow names it" }),
  status: z.enum(CHECK_STATUSES),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
  summary: z
    .string()
    .max(SUMMARY_CHARS_MAX)
    .optional()
    .openapi({ description: "what went wrong, for its agent" }),
});
const CiBody = z
  .strictObject({
    by,
    commit: z
      .string()
      .regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, "must be the whole SHA of a commit, in small letters")
      .optional()
      .openapi({ description: "left out, the one that the task waits for, or has published last" }),
    checks: z.array(check).min(1).max(CI_CHECKS_MAX),
  })
  .openapi("CiReport");
const SayBody = z.strictObject({ by, text: z.string().trim().min(1).max(BODY_CHARS_MAX) }).openapi("Say");

const ANY = { ...PROBLEMS, ...BODY_PROBLEMS, ...NOT_FOUND, ...REFUSED };
const byKey = { params: z.object({ key: taskKey }) };

const APPROVE = createRoute({
  method: "post",
  path: "/tasks/{key}/approve",
  operationId: "approveTask",
  summary: "Say that the phase in which a task waits is good",
  request: { ...byKey, body: json("", ApproveBody) },
  responses: { 200: json("It goes on, or waits for more who approve", WholeTaskView), ...ANY },
});
const REJECT = createRoute({
  method: "post",
  path: "/tasks/{key}/reject",
  operationId: "rejectTask",
  summary: "Say that it is not good, and what has to change",
  request: { ...byKey, body: json("", RejectBody) },
  responses: { 200: json("The phase is played again, or the task fails", WholeTaskView), ...ANY },
});
const ABORT = createRoute({
  method: "post",
  path: "/tasks/{key}/abort",
  operationId: "abortTask",
  summary: "Give up a task that waits for an approval",
  request: { ...byKey, body: json("", ApproveBody) },
  responses: { 200: json("Cancelled", WholeTaskView), ...ANY },
});
const SAY = createRoute({
  method: "post",
  path: "/tasks/{key}/say",
  operationId: "sayToTask",
  summary:
    "Tell a task something; the next run that works on it is told, and a task that is done is followed by one",
  request: { ...byKey, body: json("", SayBody) },
  responses: {
    200: json("Written down; of a task that is done, the one that follows it and is told", WholeTaskView),
    ...ANY,
  },
});
const REPORT = createRoute({
  method: "post",
  path: "/tasks/{key}/ci",
  operationId: "reportCi",
  summary:
    "Tell what CI has found out about a commit of a task; of another than the awaited one it is only kept",
  request: { ...byKey, body: json("", CiBody) },
  responses: {
    200: json("Written down; a phase that waited for it may have gone on", WholeTaskView),
    ...ANY,
  },
});
const ARTIFACTS = createRoute({
  method: "get",
  path: "/tasks/{key}/artifacts",
  operationId: "listArtifacts",
  summary: "List what the phases of a task have left behind, newest first, with their texts",
  request: { ...byKey, query: PageParams },
  responses: {
    200: json(
      "Artifacts, newest first",
      listOf("artifacts", ArtifactView).extend({ task: z.string() }).openapi("Artifacts"),
    ),
    ...PROBLEMS,
    ...NOT_FOUND,
  },
});

export function gateRoutes(options: ApiOptions): Api {
  const { store, log } = options;
  const api = newApi();
  const answer = (
    key: string,
    said: AnswerGate["answer"],
    body: z.infer<typeof ApproveBody>,
    asker: Asker,
  ): Promise<Response> => {
    const { because: why, artifact: seen = null, commit: at = null, approval = null } = body;
    const about = { artifact: seen, commit: at, approval, why: why === undefined ? null : bodyText(why) };
    return changeTask(options, key, { kind: "answer_gate", answer: said, ...about }, asker);
  };
  api.openapi(APPROVE, (c) => {
    const body = c.req.valid("json");
    return answer(c.req.valid("param").key, "approve", body, askerOf(c, body.by));
  });
  api.openapi(REJECT, (c) => {
    const body = c.req.valid("json");
    return answer(c.req.valid("param").key, "reject", body, askerOf(c, body.by));
  });
  api.openapi(ABORT, (c) => {
    const body = c.req.valid("json");
    return answer(c.req.valid("param").key, "abort", body, askerOf(c, body.by));
  });
  api.openapi(REPORT, (c) => {
    const { by: name, commit = null, checks } = c.req.valid("json");
    // It goes to an agent, and to whoever looks: secrets that CI prints end here.
    const clean = (text: string): string => log.redactor.redact(bodyText(text));
    const report = {
      kind: "report_ci",
      commit,
      checks: checks.map((told) => ({
        name: lineText(clean(told.name)).slice(0, CHECK_NAME_CHARS_MAX) || "(no name)",
        status: told.status,
        url: told.url === undefined ? null : webAddress(clean(told.url)),
        summary: told.summary === undefined ? null : clean(told.summary),
      })),
    } as const;
    return changeTask(options, c.req.valid("param").key, report, askerOf(c, name));
  });
  api.openapi(SAY, (c) => {
    const { by: name, text } = c.req.valid("json");
    const said = { kind: "say", text: bodyText(text) } as const;
    return changeTask(options, c.req.valid("param").key, said, askerOf(c, name));
  });
  api.openapi(ARTIFACTS, async (c) => {
    const { key } = c.req.valid("param");
    if ((await store.tasks.get(key)) === null) return unknownTask(key);
    const kept = await store.phases.artifacts({ ...pageQuery(c.req.valid("query")), task: key });
    const page = pageView("artifacts", kept, (one) => viewArtifact(one, log.redactor.redact(one.text)));
    return c.json({ task: key, ...page }, 200);
  });
  return api;
}
