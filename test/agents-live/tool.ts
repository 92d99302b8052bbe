/**
 * The use of a tool that a scripted model knows only by its schema: it takes whatever of the client's tools looks like
 * a shell, and fills in what that one requires.
 */

import { type Fields, isFields, objectAt, objectsAt, textAt, textsAt } from "../../agents/dialect/fields.ts";
import type { OfferedTool } from "./request.ts";

export interface ToolUse {
  readonly name: string;
  readonly namespace: string | null;
  /** Arguments, or the text of a custom tool. */
  readonly input: Fields | string;
}

/** Best first. */
const SHELLS: readonly RegExp[] = [
  /^bash$/i,
  /^(shell_command|exec_command|shell|run_shell_command|execute_command|run_commands?|local_shell|terminal)$/,
  /shell|bash|command/i,
];

/** @throws when none of the tools runs a command: then the script cannot be played to this client */
export function useShell(tools: readonly OfferedTool[], command: string): ToolUse {
  const shell = SHELLS.flatMap((pattern) => tools.find(({ name }) => pattern.test(name)) ?? [])[0];
  if (shell !== undefined) {
    const { name, namespace, isCustom } = shell;
    return { name, namespace, input: isCustom ? command : argumentsFor(shell.schema, command) };
  }
  // Codex may offer one tool that takes a program of JavaScript, in which the shell is a function.
  const script = tools.find(({ name, isCustom }) => isCustom && name === "exec");
  if (script === undefined)
    throw new Error(`none of these tools is a shell: ${tools.map(({ name }) => name).join()}`);
  const call = `tools.exec_command({ cmd: ${JSON.stringify(command)}, yield_time_ms: 250000 })`;
  return { name: script.name, namespace: script.namespace, input: `const r = await ${call}; text(r);` };
}

function argumentsFor(schema: Fields, command: string): Fields {
  const required = textsAt(schema, "required");
  const properties = Object.entries(objectAt(schema, "properties") ?? {});
  return Object.fromEntries(
    properties.flatMap(([name, property]) => {
      const given = argument(name, isFields(property) ? property : {}, command, required.includes(name));
      return given === null ? [] : [[name, given]];
    }),
  );
}

/** `null` for what may be left out. */
function argument(name: string, property: Fields, command: string, isRequired: boolean): unknown {
  if (/^(command|cmd|script)$/.test(name))
    return typeOf(property) === "array" ? ["bash", "-lc", command] : command;
  if (name === "commands") return [command];
  if (name === "description") return "one scripted command";
  return isRequired ? instanceOf(property) : null;
}

/** The smallest value that a JSON schema allows, for arguments and answers nobody cares about. */
export function instanceOf(schema: Fields): unknown {
  const choices = schema["enum"];
  if (Array.isArray(choices)) return choices[0];
  const [variant] = [...objectsAt(schema, "anyOf"), ...objectsAt(schema, "oneOf")];
  if (variant !== undefined) return instanceOf(variant);
  switch (typeOf(schema)) {
    case "object":
      return Object.fromEntries(
        Object.entries(objectAt(schema, "properties") ?? {}).map(([name, property]) => [
          name,
          instanceOf(isFields(property) ? property : {}),
        ]),
      );
    case "array":
      return [];
    case "number":
    case "integer":
      return 120_000;
    case "boolean":
      return false;
    default:
      return "scripted";
  }
}

function typeOf(schema: Fields): string {
  const [first] = textsAt(schema, "type");
  return (textAt(schema, "type") ?? first ?? "string").toLowerCase();
}
