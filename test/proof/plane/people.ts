/** What people do in the scripted Plane's web app; `project` is its identifier, such as `SHOP`. */

import {
  type At,
  addComment,
  attach,
  changeItem,
  createItem,
  deleteItem,
  editComment,
  setBlocked,
} from "./acts.ts";
import type { Comment, Item, Project, State, World } from "./world.ts";

export interface Somewhere {
  readonly project: string;
  /** Name of whoever does it. */
  readonly by: string;
}

export interface AtItem extends Somewhere {
  /** 42 of `SHOP-42`. */
  readonly number: number;
}

export class People {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  project(identifier: string): Project {
    for (const project of this.#world.projects.values())
      if (project.identifier === identifier) return project;
    throw new Error(`there is no project ${identifier}`);
  }

  item({ project, number }: { readonly project: string; readonly number: number }): Item {
    for (const item of this.project(project).items.values()) if (item.sequence === number) return item;
    throw new Error(`there is no ${project}-${number}`);
  }

  /** By name, or the first of a group. */
  state(project: string, name: string): State {
    const found = this.project(project).states.find((one) => one.name === name || one.group === name);
    if (found === undefined) throw new Error(`${project} has no state ${name}`);
    return found;
  }

  /** The id of a label, which comes to be. */
  label(project: string, name: string): string {
    const { labels } = this.project(project);
    const known = labels.find((one) => one.name === name);
    if (known !== undefined) return known.id;
    const made = { id: this.#world.id(), name, color: "#999999", external: null };
    labels.push(made);
    return made.id;
  }

  #at({ project, by }: Somewhere): At {
    return { world: this.#world, project: this.project(project), by: this.#world.user(by), isWeb: true };
  }

  create(
    given: Somewhere & { readonly name: string; readonly html?: string; readonly labels?: readonly string[] },
  ): Item {
    const labels = (given.labels ?? []).map((name) => this.label(given.project, name));
    return createItem(
      this.#at(given),
      { name: given.name, description_html: given.html ?? "<p></p>", labels },
      null,
    );
  }

  edit(given: AtItem & { readonly name?: string; readonly html?: string }): void {
    const { name, html } = given;
    const wanted = {
      ...(name !== undefined && { name }),
      ...(html !== undefined && { description_html: html }),
    };
    changeItem(this.#at(given), this.item(given), wanted);
  }

  /** A card that is moved changes its place, too; the place tells nothing here. */
  move(given: AtItem & { readonly state: string }): void {
    changeItem(this.#at(given), this.item(given), { state: this.state(given.project, given.state).id });
  }

  setLabels(given: AtItem & { readonly labels: readonly string[] }): void {
    changeItem(this.#at(given), this.item(given), {
      labels: given.labels.map((one) => this.label(given.project, one)),
    });
  }

  assign(given: AtItem & { readonly people: readonly string[] }): void {
    changeItem(this.#at(given), this.item(given), {
      assignees: given.people.map((one) => this.#world.user(one).id),
    });
  }

  comment(given: AtItem & { readonly html: string }): Comment {
    return addComment(this.#at(given), this.item(given), {
      html: given.html,
      access: "INTERNAL",
      external: null,
    });
  }

  editComment(given: AtItem & { readonly comment: string; readonly html: string }): void {
    const item = this.item(given);
    const comment = item.comments.find(({ id }) => id === given.comment);
    if (comment === undefined) throw new Error("there is no such comment");
    editComment(this.#at(given), item, comment, given.html);
  }

  delete(given: AtItem): void {
    deleteItem(this.#at(given), this.item(given));
  }

  archive(given: AtItem): void {
    this.item(given).isArchived = true;
    this.#world.changed();
  }

  /** A file of its text, or beside it; answers its id. */
  attach(
    given: AtItem & { readonly base64: string; readonly type?: string; readonly isBeside?: boolean },
  ): string {
    const { base64, type = "image/png", isBeside = false } = given;
    const bytes = Buffer.from(base64, "base64");
    return attach(this.#at(given), this.item(given), { bytes, name: "screen", type, isBeside }).id;
  }

  /** It waits for item `on` of the same project, or no more. */
  block(given: AtItem & { readonly on: number; readonly isBlocked?: boolean }): void {
    const { project, on, isBlocked = true } = given;
    setBlocked(this.#at(given), this.item(given), this.item({ project, number: on }), isBlocked);
  }
}
