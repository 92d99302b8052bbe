/** The fields of GitHub's events about pull requests that are used, and no others. */

import { z } from "zod";
import { REPOSITORY } from "../payload.ts";
import { user } from "./payload.ts";

const COMMIT = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, "expected a commit");

const pull = z.object({
  number: z.int().positive(),
  html_url: z.string(),
  draft: z.boolean().nullish(),
  merged: z.boolean().nullish(),
  merge_commit_sha: COMMIT.nullish(),
  head: z.object({
    ref: z.string().min(1).max(1_000),
    sha: COMMIT,
    /** `null` when the fork was deleted. */
    repo: z.object({ full_name: z.string() }).nullish(),
  }),
  base: z.object({ ref: z.string().min(1).max(1_000) }),
});

const event = { action: z.string(), repository: z.object({ full_name: REPOSITORY }), sender: user };

export const PULL_EVENT = z.object({ ...event, pull_request: pull });

/** Of a review GitHub sends a pull request without `merged`. */
export const REVIEW_EVENT = z.object({
  ...event,
  pull_request: pull,
  review: z.object({
    id: z.int().positive(),
    user: user.nullable(),
    body: z.string().nullish(),
    state: z.string(),
    commit_id: COMMIT.nullish(),
    author_association: z.string().nullish(),
  }),
});

export const REMARK_EVENT = z.object({
  ...event,
  pull_request: pull,
  comment: z.object({
    id: z.int().positive(),
    pull_request_review_id: z.int().nullish(),
    in_reply_to_id: z.int().nullish(),
    path: z.string(),
    line: z.int().nullish(),
    body: z.string(),
    user: user.nullable(),
    commit_id: COMMIT.nullish(),
    author_association: z.string().nullish(),
  }),
});

export type PullEvent = z.infer<typeof PULL_EVENT>;
