/** `chargehand init`: from nothing to a configuration that works, by questions or by flags. */

import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import type { Flags, Keys } from "../../init/flags.ts";
import { EXIT, fail, report } from "../../outcome.ts";
import type { Ports } from "../../ports.ts";

interface InitOptions extends Omit<Flags, "argv"> {
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly hook: boolean;
  readonly start?: string;
  readonly command?: readonly string[];
  readonly githubTokenFile?: string;
  readonly planeTokenFile?: string;
  readonly planeSecretFile?: string;
}

export function initCommand(program: Command, ports: Ports): void {
  program
    .command("init")
    .argument("[folder]", "where the configuration is written", ".")
    .description("ask what is needed, and write a configuration that works")
    .option("--yes", "ask nothing: take what is found out and what flags say")
    .option("--force", "write over what is there")
    .option("--start <title>", "start the daemon in the background, and the first task with this title")
    .option("--clone-url <address>", "repository to work on; by default the remote of this checkout")
    .option("--base-branch <branch>", "that work begins from; by default the remote's own")
    .option("--repo <owner/name>", "what the forge calls it; by default as the address says")
    .option("--name <name>", "of the project")
    .option("--prefix <letters>", "what keys of its tasks begin with")
    .option("--agent <backend>", "agent program; by default one that is found on PATH")
    .option("--command <words...>", "the whole command of an agent of your own")
    .option("--model <name>", "of the agent")
    .option("--publish <how>", "pull_request (the default with a token), branch or none")
    .option("--data-dir <folder>", "database, runs and working copies")
    .option("--public-url <url>", "https address at which webhooks reach this machine")
    .option(
      "--poll <duration>",
      "how often sources are asked; by default 60s where no webhook reaches this machine",
    )
    .option("--port <number>", "of the webhook listener, by default 8787; the admin side has the next one")
    .option("--no-hook", "make no webhook at the forge, only say how")
    .option("--github-api <url>", "of an enterprise server")
    .option("--github-token-file <file>", "file with a token; by default $GITHUB_TOKEN or $GH_TOKEN")
    .option("--plane-workspace <slug>", "Plane tracks the work, in this workspace")
    .option("--plane-project <id>", "id of the project there")
    .option("--plane-url <url>", "of its API; by default https://api.plane.so")
    .option(
      "--plane-secret-file <file>",
      "file with the secret of its webhook; by default $PLANE_WEBHOOK_SECRET",
    )
    .option("--plane-token-file <file>", "file with an API token; by default $PLANE_TOKEN")
    .action((folder: string, options: InitOptions) => init(resolve(folder), options, ports));
}

async function init(folder: string, options: InitOptions, ports: Ports): Promise<void> {
  const mayAsk = options.yes !== true;
  if (mayAsk && ports.ask === null)
    return report(
      fail(
        EXIT.usage,
        "nobody sits at this terminal to be asked",
        "add --yes, and say with flags what cannot be found out",
      ),
      ports,
    );
  const keys = keysOf(options, ports);
  if (typeof keys === "string") return report(fail(EXIT.usage, keys), ports);
  // Imported here, so that no other command pays for loading it.
  const { setUp } = await import("../../init/set-up.ts");
  const { command, force = false, hook, start } = options;
  const flags = { ...options, ...(command !== undefined && { argv: command }) };
  await setUp({ folder, mayAsk, isForced: force, makesHook: hook, start: start ?? null, flags, keys }, ports);
}

/** Or what is wrong with a file that was named. */
function keysOf(options: InitOptions, { env }: Ports): Keys | string {
  const { githubTokenFile, planeTokenFile, planeSecretFile } = options;
  for (const file of [githubTokenFile, planeTokenFile, planeSecretFile])
    if (file !== undefined && !existsSync(file)) return `there is no file ${file}`;
  const key = (file: string | undefined, ...names: readonly string[]): string | null => {
    const said =
      file === undefined ? names.map((name) => env[name]).find(Boolean) : readFileSync(join(file), "utf8");
    return said?.trim() || null;
  };
  return {
    githubToken: key(githubTokenFile, "GITHUB_TOKEN", "GH_TOKEN"),
    planeToken: key(planeTokenFile, "PLANE_TOKEN"),
    planeSecret: key(planeSecretFile, "PLANE_WEBHOOK_SECRET"),
  };
}
