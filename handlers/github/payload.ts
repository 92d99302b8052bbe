/**
 * The fields of GitHub's payloads that are used, and no others: GitHub adds fields, and hosted servers lag behind.
 * `null` and missing mean the same where GitHub itself mixes them.
 */

import { z } from "zod";
import { ID, REPOSITORY } from "../payload.ts";

export interface Account {
  readonly login: string;
  readonly id?: number | undefined;
  /** `User`, `Bot` or `Organization`. */
  readonly type?: string | undefined;
}

export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly body?: string | null | undefined;
  readonly html_url: string;
  readonly state: string;
  readonly updated_at: string;
  /** `null` when the account was deleted. */
  readonly user: Account | null;
  readonly labels: readonly { readonly name: string }[];
  readonly assignees: readonly Account[];
  readonly author_association?: string | null | undefined;
  /** There when the "issue" is a pull request. */
  readonly pull_request?: unknown;
}

export interface IssueEvent {
  readonly issue: Issue;
  readonly repository: { readonly full_name: string };
  readonly sender: Account;
}
export interface LabeledEvent extends IssueEvent {
  readonly label: { readonly name: string };
}
export interface AssignedEvent extends IssueEvent {
  /** `null` when that account is gone. */
  readonly assignee?: Account | null | undefined;
}
export interface CommentEvent extends IssueEvent {
  readonly comment: {
    readonly id: number;
    readonly body: string;
    readonly user: Account | null;
    readonly author_association?: string | null | undefined;
  };
}

const account = z.object({ login: ID, id: z.int().optional(), type: z.string().optional() });

const label = z.object({ name: z.string() });

const issue = z.object({
  id: z.int().positive(),
  number: z.int().positive(),
  title: z.string(),
  body: z.string().nullish(),
  html_url: z.string(),
  state: z.string(),
  updated_at: z.string(),
  user: account.nullable(),
  labels: z.array(label).default([]),
  assignees: z.array(account).default([]),
  author_association: z.string().nullish(),
  pull_request: z.unknown().optional(),
});

const event = { issue, repository: z.object({ full_name: REPOSITORY }), sender: account };

export const ACTION: z.ZodType<{ readonly action: string }> = z.object({ action: z.string() });
export const ISSUE_EVENT: z.ZodType<IssueEvent> = z.object(event);
export const LABELED_EVENT: z.ZodType<LabeledEvent> = z.object({ ...event, label });
export const ASSIGNED_EVENT: z.ZodType<AssignedEvent> = z.object({ ...event, assignee: account.nullish() });
export const COMMENT_EVENT: z.ZodType<CommentEvent> = z.object({
  ...event,
  comment: z.object({
    id: z.int().positive(),
    body: z.string(),
    user: account.nullable(),
    author_association: z.string().nullish(),
  }),
});
