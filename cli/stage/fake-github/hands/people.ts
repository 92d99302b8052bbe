/**
 * What people do on the scripted GitHub with their browser: to issues (`items.ts`), and here to pull requests. Each is
 * told by webhooks in the name of whoever did it.
 */

import { mergePull, openPull, setDraft } from "../acts/pulls.ts";
import { dequeue, mergeQueued } from "../acts/queue.ts";
import { dismiss, type NewRemark, reply, review, setResolved } from "../acts/reviews.ts";
import type { Remark, Review } from "../model/nouns.ts";
import { type PullIssue, remarkIn } from "../model/pulls.ts";
import { there } from "../model/world.ts";
import { type AtItem, Items, type Somewhere } from "./items.ts";

export class People extends Items {
  async openPull(
    given: Somewhere & {
      readonly title: string;
      readonly body?: string | null;
      readonly head: string;
      readonly base?: string;
      readonly draft?: boolean;
    },
  ): Promise<PullIssue> {
    const { title, body = null, head, base = this.repo(given.repo).defaultBranch, draft = false } = given;
    return await openPull(this.at(given), { title, body, head, base, isDraft: draft });
  }

  ready(given: AtItem): void {
    setDraft(this.at(given), this.pull(given), false);
  }

  async merge(given: AtItem & { readonly method?: "merge" | "squash" | "rebase" }): Promise<string> {
    const wish = { method: given.method ?? "merge", sha: null, title: null, message: null };
    return await mergePull(this.at(given), this.pull(given), wish);
  }

  /** What the queue of its base does with it. @param given `removed`: why it is taken out; without it, it is merged */
  async queue(given: AtItem & { readonly removed?: string }): Promise<void> {
    const [at, issue] = [this.at(given), this.pull(given)];
    if (given.removed === undefined) await mergeQueued(at, issue);
    else dequeue(at, issue, given.removed);
  }

  approve(given: AtItem & { readonly body?: string }): Review {
    return review(this.at(given), this.pull(given), { state: "APPROVED", body: given.body ?? "" });
  }

  requestChanges(given: AtItem & { readonly body: string; readonly remarks?: readonly NewRemark[] }): Review {
    const { body, remarks = [] } = given;
    return review(this.at(given), this.pull(given), { state: "CHANGES_REQUESTED", body, remarks });
  }

  reviewComment(given: AtItem & { readonly body: string; readonly remarks?: readonly NewRemark[] }): Review {
    const { body, remarks = [] } = given;
    return review(this.at(given), this.pull(given), { state: "COMMENTED", body, remarks });
  }

  dismissReview(given: AtItem & { readonly review: number }): void {
    const issue = this.pull(given);
    dismiss(
      this.at(given),
      issue,
      there(
        issue.pull.reviews.find(({ id }) => id === given.review),
        "review",
      ),
    );
  }

  /** @param given `comment`: any of the thread */
  replyRemark(given: Somewhere & { readonly comment: number; readonly body: string }): Remark {
    const { issue, thread } = remarkIn(this.repo(given.repo), given.comment);
    return reply(this.at(given), issue, thread, given.body);
  }

  resolve(given: Somewhere & { readonly comment: number; readonly resolved?: boolean }): void {
    const { issue, thread } = remarkIn(this.repo(given.repo), given.comment);
    setResolved(this.at(given), issue, thread, given.resolved ?? true);
  }
}
