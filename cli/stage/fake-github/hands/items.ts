/**
 * What people do on the scripted GitHub with their browser, and programs with their own APIs (CI): each is told by
 * webhooks in the name of whoever did it. `repo` is `owner/name`; names of people that are new come to be.
 */

import {
  type At,
  addComment,
  addLabels,
  deleteComment,
  deleteIssue,
  editComment,
  editIssue,
  openIssue,
  react,
  removeLabel,
  setAssignees,
  setOpen,
  transferIssue,
} from "../acts/issues.ts";
import { setPullOpen } from "../acts/pulls.ts";
import { look } from "../acts/refs.ts";
import type { Comment, Issue, Protection, Repo, Role } from "../model/nouns.ts";
import { isPull, type PullIssue } from "../model/pulls.ts";
import { there, type World } from "../model/world.ts";

export interface Somewhere {
  readonly repo: string;
  /** Login. */
  readonly by: string;
}

export interface AtItem extends Somewhere {
  readonly number: number;
}

export class Items {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  protected at({ repo, by }: Somewhere): At {
    return { world: this.#world, repo: this.repo(repo), by: this.#world.user(by) };
  }

  repo(name: string): Repo {
    return there(this.#world.repos.get(name.toLowerCase()), `repository ${name}`);
  }

  issue({ repo, number }: { readonly repo: string; readonly number: number }): Issue {
    return there(this.repo(repo).issues.get(number), `item ${repo}#${number}`);
  }

  pull(where: { readonly repo: string; readonly number: number }): PullIssue {
    const issue = this.issue(where);
    return there(isPull(issue) ? issue : null, `pull request ${where.repo}#${where.number}`);
  }

  /** All comments of an item, the oldest first. */
  comments({ repo, number }: { readonly repo: string; readonly number: number }): readonly Comment[] {
    return [...this.repo(repo).comments.values()].filter((comment) => comment.issue === number);
  }

  open(
    given: Somewhere & {
      readonly title: string;
      readonly body?: string | null;
      readonly labels?: readonly string[];
      readonly assignees?: readonly string[];
    },
  ): Issue {
    const { title, body = null, labels = [], assignees = [] } = given;
    const people = assignees.map((login) => this.#world.user(login));
    return openIssue(this.at(given), { title, body, labels, assignees: people });
  }

  edit(given: AtItem & { readonly title?: string; readonly body?: string | null }): void {
    editIssue(this.at(given), this.issue(given), { title: given.title, body: given.body });
  }

  label(given: AtItem & { readonly label: string }): void {
    addLabels(this.at(given), this.issue(given), [given.label]);
  }

  unlabel(given: AtItem & { readonly label: string }): void {
    removeLabel(this.at(given), this.issue(given), given.label);
  }

  assign(given: AtItem & { readonly assignees: readonly string[] }): void {
    setAssignees(
      this.at(given),
      this.issue(given),
      given.assignees.map((login) => this.#world.user(login)),
    );
  }

  comment(given: AtItem & { readonly body: string }): Comment {
    return addComment(this.at(given), this.issue(given), given.body);
  }

  editComment(given: Somewhere & { readonly comment: number; readonly body: string }): void {
    const comment = there(this.repo(given.repo).comments.get(given.comment), `comment ${given.comment}`);
    editComment(this.at(given), this.issue({ ...given, number: comment.issue }), comment, given.body);
  }

  deleteComment(given: Somewhere & { readonly comment: number }): void {
    const comment = there(this.repo(given.repo).comments.get(given.comment), `comment ${given.comment}`);
    deleteComment(this.at(given), this.issue({ ...given, number: comment.issue }), comment);
  }

  react(given: AtItem & { readonly content: string }): void {
    react(this.at(given), this.issue(given).reactions, given.content);
  }

  close(given: AtItem & { readonly reason?: "completed" | "not_planned" | "duplicate" }): void {
    setOpen(this.at(given), this.issue(given), false, given.reason ?? "completed");
  }

  reopen(given: AtItem): void {
    const issue = this.issue(given);
    if (isPull(issue)) setPullOpen(this.at(given), issue, true);
    else setOpen(this.at(given), issue, true);
  }

  delete(given: AtItem): void {
    deleteIssue(this.at(given), this.issue(given));
  }

  transfer(given: AtItem & { readonly to: string }): Issue {
    return transferIssue(this.at(given), this.issue(given), this.repo(given.to));
  }

  block(given: AtItem & { readonly on: { readonly repo: string; readonly number: number } }): void {
    this.issue(given).blockedBy.add(this.issue(given.on).id);
    this.#world.changed();
  }

  /** Puts a file where texts may name it; answers its address. */
  attach(given: { readonly base64: string; readonly type?: string }): string {
    const { assets, url, guid } = this.#world;
    const { id } = assets.put(guid(), Buffer.from(given.base64, "base64"), given.type ?? "image/png");
    return `${url}/user-attachments/assets/${id}`;
  }

  lock(given: AtItem): void {
    this.issue(given).isLocked = true;
    this.#world.changed();
  }

  /** A commit on a branch, which comes to be at `from` (or the default branch); `null` as a text deletes a file. */
  async push(
    given: Somewhere & {
      readonly branch: string;
      readonly files: Readonly<Record<string, string | null>>;
      readonly message?: string;
      readonly from?: string;
    },
  ): Promise<string> {
    const at = this.at(given);
    const { repo, by } = at;
    const git = this.#world.git(repo);
    await look(this.#world, repo, by);
    const start = repo.refs.get(given.branch) ?? repo.refs.get(given.from ?? repo.defaultBranch) ?? null;
    const said = {
      message: given.message ?? "Change files",
      author: { name: by.login, email: `${by.login}@example.com` },
    };
    const sha = await git.commit(start, given.files, said);
    await git.point(given.branch, sha);
    await look(this.#world, repo, by);
    return sha;
  }

  async deleteBranch(given: Somewhere & { readonly branch: string }): Promise<void> {
    const { repo, by } = this.at(given);
    await this.#world.git(repo).forget(given.branch);
    await look(this.#world, repo, by);
  }

  setRole({
    repo,
    login,
    role,
  }: {
    readonly repo: string;
    readonly login: string;
    readonly role: Role;
  }): void {
    this.#world.user(login);
    this.repo(repo).roles.set(login.toLowerCase(), role);
    this.#world.changed();
  }

  protect(given: { readonly repo: string; readonly branch: string } & Partial<Protection>): void {
    const {
      repo,
      branch,
      kind = "rules",
      checks = [],
      approvals = 0,
      resolvedThreads = false,
      isQueued = false,
    } = given;
    this.repo(repo).protection.set(branch, { kind, checks, approvals, resolvedThreads, isQueued });
    this.#world.changed();
  }
}
