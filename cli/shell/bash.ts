/**
 * Completion for bash: one function with what the tree knows in `case`s, so that a TAB starts no program. It needs
 * nothing but bash 3.2 and later, and goes by the words alone. Pure.
 */

import { type Node, type Value, walk } from "./tree.ts";

const HEAD = `# bash completion for chargehand, made by: chargehand completion bash
# For one shell: source <(chargehand completion bash)
# For all: chargehand completion bash > ~/.local/share/bash-completion/completions/chargehand

_chargehand_words() { COMPREPLY=($(compgen -W "$1" -- "$cur")); }
_chargehand_paths() {
  local IFS=$'\\n'
  compopt -o filenames 2> /dev/null
  COMPREPLY=($(compgen -f -- "$cur"))
}
`;

export function bashCompletion(root: Node): string {
  const nodes = walk(root);
  const steps = nodes
    .slice(1)
    .map(
      ({ path }) =>
        `      ${quoted(`${place(path.slice(0, -1))} ${path.at(-1)}`)}) at=${quoted(place(path))} ;;`,
    );
  const valued = nodes.flatMap((node) =>
    node.flags.flatMap(({ short, long, value }) =>
      value === null
        ? []
        : [short, long]
            .filter((name) => name !== null)
            .map((name) => ({ at: `${place(node.path)} ${name}`, value })),
    ),
  );
  const values = valued.map(({ at, value }) => `    ${quoted(at)}) ${offer(value)}; return ;;`);
  const skips = valued.map(({ at }) => `      ${quoted(at)}) i=$((i + 1)) ;;`);
  const flags = nodes.map(
    (node) => `      ${quoted(place(node.path))}) words=${quoted(names(node).join(" "))} ;;`,
  );
  const words = nodes.map((node) => `    ${quoted(place(node.path))}) ${offerArguments(node)} ;;`);
  return `${HEAD}
_chargehand() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" before="" at="/" words="" word i last=$COMP_CWORD
  COMPREPLY=()
  # Where bash takes "--status=done" for three words, the option stands before the "=".
  if [ "$cur" = "=" ]; then cur=""; last=$((last + 1)); fi
  if [ "\${COMP_WORDS[last - 1]}" = "=" ]; then last=$((last - 1)); fi
  [ "$last" -gt 1 ] && before="\${COMP_WORDS[last - 1]}"
  for ((i = 1; i < last; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$at $word" in
${[...steps, ...skips].join("\n")}
    esac
  done
  case "$at $before" in
${values.join("\n")}
  esac
  if [[ "$cur" == -* ]]; then
    case "$at" in
${flags.join("\n")}
    esac
    _chargehand_words "$words"
    return
  fi
  case "$at" in
${words.join("\n")}
  esac
}

complete -F _chargehand chargehand
`;
}

function place(path: readonly string[]): string {
  return `/${path.join("/")}`;
}

function names({ flags }: Node): readonly string[] {
  return flags.map(({ long }) => long);
}

function offer({ choices, isPath }: Value): string {
  if (choices.length > 0) return `_chargehand_words ${quoted(choices.join(" "))}`;
  return isPath ? "_chargehand_paths" : ":";
}

function offerArguments({ path, commands, values }: Node): string {
  if (commands.length === 0) return values[0] === undefined ? ":" : offer(values[0]);
  const below = commands.map(({ path: own }) => own.at(-1) ?? "");
  return `_chargehand_words ${quoted([...below, ...(path.length === 0 ? ["help"] : [])].join(" "))}`;
}

function quoted(text: string): string {
  return `"${text.replace(/["$`\\]/g, "\\$&")}"`;
}
