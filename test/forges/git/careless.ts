/** Tasks whose agents do what a script says, and what becomes of their work. */

import type { Published } from "../../../forges/git/workspace.ts";
import { must, PUSH, type Repositories } from "./repositories.ts";

export interface Careless {
  readonly published: Published;
  /** Files on the task's branch at the remote. */
  readonly files: readonly string[];
  readonly told: string;
  readonly task: string;
  readonly directory: string;
}

export const COMMIT = "git add -A && git commit -qm made";

let number = 0;

export async function careless(repositories: Repositories, script: string): Promise<Careless> {
  number += 1;
  const { spec, ready, agent, workspaces, git, remote } = repositories;
  const task = spec(`SHOP-${number}`);
  const workspace = await ready(task);
  const { directory } = workspace;
  agent(directory, script);
  const published = must(await workspaces.publish(task, workspace, PUSH));
  const { branch, commit, told } = published;
  const files =
    branch === null || commit === null ? [] : git(remote, "ls-tree", "-r", "--name-only", branch).split("\n");
  return { published, files, told: told.join("\n"), task: task.task, directory };
}

const AT_ONCE = 3;

/** Some at a time, because most of it is waiting for other processes. */
export async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const take = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, take));
}
