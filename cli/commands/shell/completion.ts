/** `chargehand completion bash|zsh|fish`: a script by which the shell completes our words. */

import { Argument, type Command } from "commander";
import type { Ports } from "../../ports.ts";
import { bashCompletion } from "../../shell/bash.ts";
import { fishCompletion } from "../../shell/fish.ts";
import { treeOf } from "../../shell/tree.ts";
import { zshCompletion } from "../../shell/zsh.ts";

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** @param program with all of its commands, when this one is called */
export function completionCommand(program: Command, ports: Ports): void {
  program
    .command("completion")
    .description("print a script that completes commands and options in your shell; it says where to put it")
    .addArgument(new Argument("<shell>", "which one").choices(Object.keys(SHELLS)))
    .action((shell: keyof typeof SHELLS) => ports.out(SHELLS[shell](treeOf(program))));
}
