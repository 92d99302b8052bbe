/** Completion for fish: a line per word, with what the help says beside it. Pure. */

import { type Flag, type Node, walk } from "./tree.ts";

export function fishCompletion(root: Node): string {
  return `# fish completion for chargehand, made by: chargehand completion fish
# For all: chargehand completion fish > ~/.config/fish/completions/chargehand.fish

complete -c chargehand -f
${walk(root).flatMap(linesOf).join("\n")}
`;
}

function linesOf(node: Node): readonly string[] {
  const below = node.commands.map(({ path }) => path.at(-1) ?? "");
  const isHere = node.path.map((word) => `__fish_seen_subcommand_from ${word}`);
  const isDeeper = below.length === 0 ? [] : [`not __fish_seen_subcommand_from ${below.join(" ")}`];
  const here = [...isHere, ...isDeeper].join("; and ");
  const when = here === "" ? "" : ` -n ${quoted(here)}`;
  const [first] = node.values;
  const wanted =
    first === undefined
      ? []
      : first.choices.length > 0
        ? [`-a ${quoted(first.choices.join(" "))}`]
        : first.isPath
          ? ["-F"]
          : [];
  return [
    ...node.commands.map(
      ({ path, says }) => `complete -c chargehand${when} -a ${path.at(-1)} -d ${quoted(says)}`,
    ),
    ...wanted.map((offer) => `complete -c chargehand${when} ${offer}`),
    ...node.flags.map((flag) => `complete -c chargehand${when} ${flagText(flag)}`),
  ];
}

function flagText({ short, long, says, value }: Flag): string {
  const names = [...(short === null ? [] : [`-s ${short.slice(1)}`]), `-l ${long.slice(2)}`].join(" ");
  const offers =
    value === null
      ? ""
      : value.choices.length > 0
        ? ` -x -a ${quoted(value.choices.join(" "))}`
        : value.isPath
          ? " -r -F"
          : " -x";
  return `${names}${offers} -d ${quoted(says)}`;
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
