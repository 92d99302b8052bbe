/** Completion for zsh: a function per command, with what the help says beside each word. Pure. */

import { type Flag, type Node, type Value, walk } from "./tree.ts";

export function zshCompletion(root: Node): string {
  return `#compdef chargehand
# zsh completion for chargehand, made by: chargehand completion zsh
# For one shell: source <(chargehand completion zsh)
# For all: chargehand completion zsh > a folder of your $fpath, as _chargehand

${walk(root).map(functionOf).join("\n")}
if [ "$funcstack[1]" = "_chargehand" ]; then
  _chargehand "$@"
else
  compdef _chargehand chargehand
fi
`;
}

function functionOf(node: Node): string {
  const specs = node.flags.map((flag) => `    ${quoted(specOf(flag))}`);
  const name = nameOf(node.path);
  if (node.commands.length === 0) {
    const values = node.values
      .map((value) => `    ${quoted(`*:${escaped(value.name)}:${actionOf(value)}`)}`)
      .slice(0, 1);
    return `${name}() {\n  _arguments -s \\\n${[...specs, ...values].join(" \\\n")}\n}\n`;
  }
  const told = node.commands.map(({ path, says }) => `        ${quoted(`${path.at(-1)}:${escaped(says)}`)}`);
  const cases = node.commands.map(({ path }) => `        ${path.at(-1)}) ${nameOf(path)} ;;`);
  return `${name}() {
  local curcontext="$curcontext" state line
  typeset -A opt_args
  local -a commands
  _arguments -C -s \\
${[...specs, "    '1: :->command'", "    '*:: :->rest'"].join(" \\\n")}
  case $state in
    command)
      commands=(
${told.join("\n")}
      )
      _describe -t commands command commands
      ;;
    rest)
      case $words[1] in
${cases.join("\n")}
      esac
      ;;
  esac
}
`;
}

function nameOf(path: readonly string[]): string {
  return ["_chargehand", ...path].join("_").replace(/-/g, "_");
}

function specOf({ short, long, says, value }: Flag): string {
  const spec = value === null ? "" : `:${escaped(value.name)}:${actionOf(value)}`;
  const name = value === null ? long : `${long}=`;
  // One spec per name; the short ones of this program are the help's and the version's.
  return short === null || value !== null
    ? `${name}[${escaped(says)}]${spec}`
    : `(${short} ${long})${long}[${escaped(says)}]`;
}

function actionOf({ choices, isPath }: Value): string {
  if (choices.length > 0) return `(${choices.join(" ")})`;
  return isPath ? "_files" : " ";
}

function escaped(text: string): string {
  return text.replace(/[[\]:\\]/g, "\\$&");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
