/** The state machines as a page of Mermaid diagrams: `docs/states.md`. */

import type { MACHINES } from "../../workflow/states.ts";

type AnyMachine = (typeof MACHINES)[number];

const HEAD = `# States

*Drawn from \`workflow/states.ts\` by \`UPDATE=1 npm test -- test/workflow\`; do not edit.*

Each machine is one table of named moves. The same table gives the types, the \`WHERE\`s of the store, and the CHECKs and
triggers of the database, so a move that is not drawn here is refused by all three (I11). A move marked \`⏱\` needs no
person and no process: a loop fires it when time has passed, and every live status has one (I7).
`;

/** The whole page. */
export function drawStates(machines: readonly AnyMachine[]): string {
  return [HEAD, ...machines.map(draw)].join("\n");
}

function draw(machine: AnyMachine): string {
  const between = Map.groupBy(machine.edges, ({ from, to }) => `${from} --> ${to}`);
  const label = (move: string): string => (machine.timed.includes(move) ? `${move} ⏱` : move);
  const arrows = [...between].map(
    ([arrow, edges]) => `  ${arrow}: ${edges.map(({ move }) => label(move)).join(", ")}`,
  );
  const endings = machine.final.map((status) => `  ${status} --> [*]`);
  const name = `${machine.name.slice(0, 1).toUpperCase()}${machine.name.slice(1)}`;
  const lines = ["stateDiagram-v2", `  [*] --> ${machine.initial}`, ...arrows, ...endings];
  return [`## ${name}`, "", "```mermaid", ...lines, "```", ""].join("\n");
}
