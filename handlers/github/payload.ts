/**
 * The fields of GitHub's payloads that are used, and no others: GitHub adds fields, and hosted servers lag behind.
 * `null` and missing mean the same where GitHub itself mixes them.
 */

import { z } from "zod";
import { ID, REPOSITORY } from "../payload.ts";

export const user = z.object({
  login: ID,
  id: z.int().optional(),
  /** `User`, `Bot` or `Organization`. */
  type: z.string().optional(),
});

const label = z.object({ name: z.string() });

const issue = z.object({
  id: z.int().positive(),
  number: z.int().positive(),
  title: z.string(),
  body: z.string().nullish(),
  html_url: z.string(),
  state: z.string(),
  updated_at: z.string(),
  /** `null` when the user was deleted. */
  user: user.nullable(),
  labels: z.array(label).default([]),
  assignees: z.array(user).default([]),
  author_association: z.string().nullish(),
  /** There when the "issue" is a pull request. */
  pull_request: z.unknown().optional(),
});

const event = { issue, repository: z.object({ full_name: REPOSITORY }), sender: user };

export const ACTION = z.object({ action: z.string() });
export const ISSUE_EVENT = z.object(event);
/** Of what was edited GitHub tells how it was before. */
export const EDITED_EVENT = z.object({
  ...event,
  changes: z.object({ title: z.unknown().optional(), body: z.unknown().optional() }).nullish(),
});
export const LABELED_EVENT = z.object({ ...event, label });
/** `null` when the assigned user is gone. */
export const ASSIGNED_EVENT = z.object({ ...event, assignee: user.nullish() });
export const COMMENT_EVENT = z.object({
  ...event,
  comment: z.object({
    id: z.int().positive(),
    body: z.string(),
    user: user.nullable(),
    author_association: z.string().nullish(),
    created_at: z.string().nullish(),
  }),
});

/** Of a dependency between two issues, either of which may be of another repository. */
export const DEPENDENCY_EVENT = z.object({
  action: z.string(),
  /** Its id is missing where whoever asks has found it out. */
  blocked_issue: z.object({
    id: z.int().positive().nullish(),
    number: z.int().positive(),
    updated_at: z.string(),
  }),
  blocking_issue: z.object({ id: z.int().positive() }).nullish(),
  repository: event.repository,
  sender: user,
});

export type User = z.infer<typeof user>;
export type Issue = z.infer<typeof issue>;
export type IssueEvent = z.infer<typeof ISSUE_EVENT>;
export type EditedEvent = z.infer<typeof EDITED_EVENT>;
export type LabeledEvent = z.infer<typeof LABELED_EVENT>;
export type AssignedEvent = z.infer<typeof ASSIGNED_EVENT>;
export type CommentEvent = z.infer<typeof COMMENT_EVENT>;
