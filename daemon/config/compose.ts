/** Has the parts make the types of the house out of a file without problems. */

import { dirname } from "node:path";
import type { Around, Entry, Fields, Place } from "../../system/config/part.ts";
import { fieldsOf, readTree } from "../../system/config/tree.ts";
import type { RecurringTask } from "../../workflow/recurring/recurring.ts";
import { FROM_REPOSITORY } from "../../workflow/task.ts";
import { SINGLE, type Workflow } from "../../workflow/workflow.ts";
import { CONFIG_PARTS, type Config, type MadeAt } from "./config.ts";
import type { NamedRecurring } from "./parts/recurring.ts";

/**
 * @param parsed what the schema made of the file: keys as in the file, defaults filled in
 * @param file absolute; relative paths in it are relative to its folder
 * @param workflows by what projects call them; each that one names
 */
export function compose(
  parsed: Fields,
  file: string,
  workflows: ReadonlyMap<string, Workflow> = new Map(),
): Config {
  const tree = readTree(parsed);
  const nameless: Around = { folder: dirname(file), name: "", concurrency: 0 };
  const limits = makeAt("limits", tree.fields("limits"), nameless);
  const around = (name: string): Around => ({ ...nameless, name, concurrency: limits.concurrency });
  const project = ({ name, fields }: Entry): Config["projects"][number] => ({
    ...withWorkflow(makeAt("projects[]", fields, around(name)), workflows),
    start: makeAt("projects[].start", fieldsOf(fields["start"]), around(name)),
    trust: makeAt("projects[].trust", fieldsOf(fields["trust"]), around(name)),
  });
  const top = makeAt("", parsed, nameless);
  return {
    file,
    ...top,
    workflows,
    recurring: top.recurring.map((one) => recurringWith(one, workflows)),
    server: makeAt("server", tree.fields("server"), nameless),
    limits,
    retention: makeAt("retention", tree.fields("retention"), nameless),
    sources: makeAt("sources", tree.fields("sources"), nameless),
    accounts: tree.at("accounts.*").map(({ name, fields }) => makeAt("accounts.*", fields, around(name))),
    agents: Object.fromEntries(
      tree.at("agents.*").map(({ name, fields }) => [name, makeAt("agents.*", fields, around(name))]),
    ),
    projects: tree.at("projects[]").map(project),
    notify: tree.at("notify[]").map(({ name, fields }) => makeAt("notify[]", fields, around(name))),
  };
}

/** Without a workflow of its own it has its project's. */
function recurringWith(
  { workflow, ...one }: NamedRecurring,
  workflows: ReadonlyMap<string, Workflow>,
): RecurringTask {
  if (workflow === null) return one;
  return { ...one, workflow: workflow === FROM_REPOSITORY ? null : (workflows.get(workflow) ?? SINGLE) };
}

interface Named {
  readonly workflow: string;
  readonly workflowFallback: string | null;
}

function withWorkflow<Made extends Named>(
  made: Made,
  workflows: ReadonlyMap<string, Workflow>,
): Omit<Made, keyof Named> & Pick<Config["projects"][number], keyof Named> {
  const { workflow, workflowFallback } = made;
  const found = (name: string): Workflow => workflows.get(name) ?? SINGLE;
  return {
    ...made,
    workflow: workflow === FROM_REPOSITORY ? null : found(workflow),
    workflowFallback: workflowFallback === null ? null : found(workflowFallback),
  };
}

/** Every part is given its own keys, as its own schema has let them pass; its type is known from the list of parts. */
function makeAt<At extends Place>(place: At, parsed: Fields, around: Around): MadeAt<At> {
  const pieces = CONFIG_PARTS.flatMap(({ keys }) => {
    const own = keys[place];
    return own === undefined ? [] : [own.make(only(Object.keys(own.shape), parsed), around)];
  });
  return Object.assign({}, ...pieces);
}

function only(names: readonly string[], fields: Fields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => names.includes(key)));
}
