/** The state machines as a page of Mermaid diagrams: `docs/states.md`. */

import type { MACHINES } from "./machines.ts";

type AnyMachine = (typeof MACHINES)[number];

const HEAD = `# States

*Drawn from \`workflow/states.ts\` by \`UPDATE=1 npm test -- test/workflow\`; do not edit.*

Each machine is one table of named moves. The same table gives the types, the \`WHERE\`s of the store, and the CHECKs and
triggers of the database, so a move that is not drawn here is refused by all three (I11). A move marked \`⏱\` needs no
person and no process: a loop fires it when time has passed, and every live status in use has one (I7). A move in
(parentheses) is in the table and nothing fires it yet; what will is said below its drawing.
`;

/** The whole page. */
export function drawStates(machines: readonly AnyMachine[]): string {
  return [HEAD, ...machines.map(draw)].join("\n");
}

function draw(machine: AnyMachine): string {
  const between = Map.groupBy(machine.edges, ({ from, to }) => `${from} --> ${to}`);
  const arrows = [...between].map(
    ([arrow, edges]) => `  ${arrow}: ${edges.map(({ move }) => label(machine, move)).join(", ")}`,
  );
  const endings = machine.final.map((status) => `  ${status} --> [*]`);
  const name = `${machine.name.slice(0, 1).toUpperCase()}${machine.name.slice(1)}`;
  const beginnings = machine.begins.map((status) => `  [*] --> ${status}`);
  const lines = ["stateDiagram-v2", ...beginnings, ...arrows, ...endings];
  return [`## ${name}`, "", "```mermaid", ...lines, "```", "", ...explain(machine)].join("\n");
}

function label({ timed, later }: AnyMachine, move: string): string {
  if (move in later) return `(${move})`;
  return timed.includes(move) ? `${move} ⏱` : move;
}

/** What is true in each status, and what the moves wait for that nothing fires yet. */
function explain(machine: AnyMachine): string[] {
  const meanings = machine.statuses.map((status) => {
    const unused = isInUse(machine, status) ? "" : " *(not in use yet)*";
    return `- **${status}**${unused}: ${machine.meaning[status]}`;
  });
  const waiting = Map.groupBy(Object.entries(machine.later), ([, by]) => by);
  const later = [...waiting].map(
    ([by, moves]) => `- ${moves.map(([move]) => `\`${move}\``).join(", ")}: ${by}`,
  );
  return [...meanings, "", ...(later.length > 0 ? ["Not fired yet:", "", ...later, ""] : [])];
}

/** A machine that nothing drives is in use in none of its statuses, not even the first. */
function isInUse({ inUse, edges, later }: AnyMachine, status: string): boolean {
  return inUse.includes(status) && edges.some(({ move }) => !(move in later));
}
