/** The commands as a tree of plain values, from the definitions that `--help` is made of; without what it hides. */

import type { Argument, Command, Option } from "commander";

export interface Flag {
  /** As the help has it: `-h, --help`, `--config <file>`. */
  readonly flags: string;
  readonly short: string | null;
  readonly long: string;
  readonly says: string;
  readonly value: Value | null;
}

export interface Value {
  readonly name: string;
  readonly choices: readonly string[];
  /** A path of this machine is wanted. */
  readonly isPath: boolean;
}

export interface Node {
  /** Words behind the name of the program; none for the program itself. */
  readonly path: readonly string[];
  readonly says: string;
  /** As the help has it: `<key> [answers...]`. */
  readonly usage: string;
  readonly values: readonly Value[];
  readonly flags: readonly Flag[];
  readonly commands: readonly Node[];
}

const HELP: Flag = {
  ...{ flags: "-h, --help", short: "-h", long: "--help" },
  ...{ says: "say what a command does and takes", value: null },
};

export function treeOf(command: Command, path: readonly string[] = []): Node {
  const help = command.createHelp();
  return {
    path,
    says: command.description(),
    usage: command.registeredArguments.map(usageOf).join(" "),
    values: command.registeredArguments.map((argument) => wantedOf(argument.name(), argument.argChoices)),
    flags: [...help.visibleOptions(command).flatMap(flagOf)],
    commands: help
      .visibleCommands(command)
      .filter((one) => one.name() !== "help")
      .map((one) => treeOf(one, [...path, one.name()])),
  };
}

function flagOf({
  flags,
  long,
  short,
  description,
  required,
  optional,
  argChoices,
}: Option): readonly Flag[] {
  if (long === undefined || long === null) return [];
  if (long === HELP.long) return [HELP];
  const name = /[<[]([\w-]+)/.exec(flags)?.[1] ?? "";
  return [
    {
      flags,
      short: short ?? null,
      long,
      says: description,
      value: required || optional ? wantedOf(name, argChoices) : null,
    },
  ];
}

function usageOf(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function wantedOf(name: string, choices: readonly string[] | undefined): Value {
  return { name, choices: choices ?? [], isPath: /^(file|folder|path|directory)$/.test(name) };
}

/** The node and all below it, in the order of the help. */
export function walk(node: Node): readonly Node[] {
  return [node, ...node.commands.flatMap(walk)];
}
