/** The manual page, in the language of man(7), from the tree that `--help` is made of. Pure. */

import { type Flag, type Node, walk } from "./tree.ts";

/** @param exits what the exit codes mean, a line each */
export function manualPage(root: Node, exits: readonly (readonly [code: number, says: string])[]): string {
  const commands = walk(root).slice(1);
  const lines = [
    '.\\" Made by: npm run man. Change what the commands say of themselves, and not this file.',
    '.TH CHARGEHAND 1 "" "Chargehand" "User Commands"',
    ...[".SH NAME", `chargehand \\- ${text(lowered(root.says))}`],
    ...[".SH SYNOPSIS", ".B chargehand", ".RI [ options ]", ".RI [ command ]"],
    ".SH DESCRIPTION",
    "Chargehand turns webhooks from a forge and a tracker into work for coding agents, and looks after them.",
    "The daemon is",
    ".BR \\(lqchargehand\\ serve\\(rq ;",
    "most other commands ask a daemon that runs. They find it by",
    ".B \\-\\-url",
    "and",
    ".BR \\-\\-token ,",
    "else the environment, else what the daemon has written into the data directory of its configuration.",
    ".SH OPTIONS",
    ...root.flags.flatMap(flagLines),
    ".SH COMMANDS",
    ...commands.flatMap(commandLines),
    ".SH EXIT STATUS",
    ...exits.flatMap(([code, says]) => [".TP", `.B ${code}`, text(says)]),
    ".SH ENVIRONMENT",
    ...ENVIRONMENT.flatMap(([name, says]) => [".TP", `.B ${name}`, text(says)]),
    ".SH FILES",
    ...FILES.flatMap(([name, says]) => [".TP", `.I ${text(name)}`, text(says)]),
    ...[".SH SEE ALSO", "The documents of the package, which begin at its README.md; systemd(1), git(1)."],
  ];
  return `${lines.join("\n")}\n`;
}

const ENVIRONMENT = [
  ["CHARGEHAND_CONFIG", "the configuration file, where --config does not name one"],
  ["CHARGEHAND_URL", "address of the daemon's admin side"],
  ["CHARGEHAND_TOKEN", "its token; a file is a better place for it"],
] as const;

const FILES = [
  ["./chargehand.yaml, /etc/chargehand/chargehand.yaml", "the configuration, where nobody names another"],
  ["<data_dir>/admin-token", "the token of the admin side"],
  ["<data_dir>/daemon.json", "where the daemon that runs can be asked"],
] as const;

function commandLines({ path, says, usage, flags, commands }: Node): readonly string[] {
  const words = ["chargehand", ...path].join(" ");
  const takes = [usage, commands.length > 0 ? "<command>" : ""].filter((part) => part !== "").join(" ");
  return [
    `.SS "${text(`${words} ${takes}`.trim())}"`,
    text(says === "" ? words : says),
    ...(commands.length > 0 ? [] : flags.filter(({ long }) => long !== "--help").flatMap(flagLines)),
  ];
}

function flagLines({ flags, says, value }: Flag): readonly string[] {
  const choices = value === null || value.choices.length === 0 ? "" : ` (${value.choices.join(", ")})`;
  return [".TP", `.B ${text(flags)}`, text(`${says}${choices}`)];
}

/** A period or an apostrophe at the start of a line would be a request, a hyphen is a minus, a backslash an escape. */
function text(words: string): string {
  const escaped = words.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll('"', "\\(dq");
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}

function lowered(sentence: string): string {
  return `${sentence.slice(0, 1).toLowerCase()}${sentence.slice(1)}`.replace(/\.$/, "");
}
