/** The way of `init`: find out, ask, write, check, make the webhook, begin the first task, or say how. */

import { join, resolve } from "node:path";
import type { Config } from "../../daemon/config/config.ts";
import { type ConfigProblem, printProblem } from "../../daemon/config/file.ts";
import { loadConfig } from "../../daemon/config/load.ts";
import { systemChance } from "../../system/chance.ts";
import { systemCommands } from "../../system/commands.ts";
import { systemHttp } from "../../system/http.ts";
import { createRedactor } from "../../system/redactor.ts";
import { clientsOf, forgeOf } from "../doctor/clients.ts";
import { type Answer, EXIT, fail, report } from "../outcome.ts";
import { plain } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import { findAgents, findCheckout, isProgram, type Surroundings } from "./detect.ts";
import type { Flags, Keys } from "./flags.ts";
import { hookUrl, makeHook, tellHook } from "./hook.ts";
import { interview } from "./interview.ts";
import { FILE, type Plan } from "./plan.ts";
import { type Asker, askerOf, isYes, NoAnswer } from "./questions.ts";
import { type Begun, startFirst } from "./start.ts";
import { tokenTrouble } from "./token.ts";
import { inTheWay, leaveOut, writeAll } from "./write.ts";

export interface Wish {
  readonly folder: string;
  readonly mayAsk: boolean;
  /** Writes over what is there without asking. */
  readonly isForced: boolean;
  readonly makesHook: boolean;
  /** Title of the first task. */
  readonly start: string | null;
  readonly flags: Flags;
  readonly keys: Keys;
}

export async function setUp(wish: Wish, ports: Ports): Promise<void> {
  try {
    await steps(wish, ports);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    report(error.failure, ports);
  }
}

async function steps(wish: Wish, ports: Ports): Promise<void> {
  const { folder, mayAsk, flags, keys } = wish;
  const place: Surroundings = { commands: systemCommands(), env: ports.env, cwd: resolve(".") };
  const ask = askerOf(ports, mayAsk);
  const chance = systemChance(ports.clock.now);
  const net = { http: systemHttp(ports.env), clock: ports.clock };
  const plan = await interview(
    {
      ...{ folder, flags, keys, secret: chance.token },
      checkout: await findCheckout(place),
      agents: findAgents(place),
      isProgram: (name) => isProgram(name, place),
      tokenTrouble: (apiUrl, token) => tokenTrouble(apiUrl, token, net),
    },
    ask,
  );
  // All is asked before anything is written: whoever goes away leaves nothing behind.
  const makesHook = await wantsHook(wish, plan, ask);
  const before = inTheWay(plan);
  if (before.length > 0 && !wish.isForced) {
    const what = `${before.join(", ")} ${before.length === 1 ? "is" : "are"} there already`;
    const may = mayAsk && (await isYes(ask, { flag: "--force", text: `${what}: write over?`, ready: false }));
    if (!may) return report(fail(EXIT.refused, what, "nothing was written; --force writes over"), ports);
  }
  const written = await writeAll(plan, ports.files);
  const excluded = await leaveOut(plan, place);
  ports.out(`Written:\n${written.map((path) => `  ${path}\n`).join("")}`);
  if (excluded !== null) ports.out(`Git leaves them out here (${excluded}).\n`);
  const file = join(folder, FILE);
  const loaded = await loadConfig({ path: file, env: ports.env, files: ports.files });
  if (loaded.kind === "problems") return tellProblems(loaded.problems, ports);
  // What starts a daemon starts it first: the ping that comes with a new webhook is taken then.
  const about = { file, dataDir: loaded.config.dataDir, project: plan.project.name };
  const begun = wish.start === null ? null : await startFirst({ ...about, title: wish.start }, ports);
  await hook(makesHook, plan, loaded.config, ports);
  tellNext(begun, wish, plan, ports);
}

/** Whether it is made over the API, where that can be. */
async function wantsHook({ makesHook }: Wish, plan: Plan, ask: Asker): Promise<boolean> {
  const { github, publicUrl, project } = plan;
  if (github?.token == null || publicUrl === null || project.repo === null || !makesHook) return false;
  const text = `make the webhook of ${project.repo} that points at ${hookUrl(publicUrl, "github")}?`;
  return await isYes(ask, { flag: "--no-hook", text, ready: true });
}

/** Made over the API where that is wanted; else it is told how. */
async function hook(isWanted: boolean, plan: Plan, config: Config, ports: Ports): Promise<void> {
  const { github, publicUrl, project } = plan;
  const told = tellHook(plan, ports.width !== null);
  const forge = forgeOf(clientsOf({ config, http: systemHttp(ports.env), clock: ports.clock }));
  if (!isWanted || forge === null || publicUrl === null || project.repo === null) return ports.out(told);
  if (github?.token == null || github.hookSecret === null) return ports.out(told);
  const made = await makeHook(forge.ask, project.repo, { publicUrl, secret: github.hookSecret });
  if (made.kind !== "ok") {
    const reason = createRedactor([github.token, github.hookSecret]).redact(made.reason);
    ports.err(`The webhook was not made: ${plain(reason)}\n`);
    return ports.out(told);
  }
  ports.out(`${project.repo} has a webhook that points at ${plain(made.value.url)}.\n`);
  if (plan.plane !== null) ports.out(tellHook({ ...plan, github: null }, ports.width !== null));
}

/** What somebody has answered that only the whole file shows to be wrong. */
function tellProblems(problems: readonly ConfigProblem[], ports: Ports): void {
  for (const problem of problems) ports.err(`${printProblem(problem)}\n`);
  report(
    fail(EXIT.usage, "the configuration has problems", "mend them there, or run chargehand init again"),
    ports,
  );
}

/** @param begun of the first task; `null` where none was wished for */
function tellNext(begun: Answer<Begun> | null, { folder }: Wish, plan: Plan, ports: Ports): void {
  const { project } = plan;
  const given = folder === resolve(".") ? "" : ` --config ${join(folder, FILE)}`;
  if (begun === null) {
    ports.out(
      `Next:\n  chargehand doctor${given}            whether all of it works\n` +
        `  chargehand serve${given}             the daemon; in another terminal then:\n` +
        `  chargehand new ${project.name} "what is to be done"${given}\n${tellAsking(plan)}`,
    );
    return;
  }
  if (begun.kind === "failed") {
    report(begun, ports);
    return;
  }
  const { key } = begun.value;
  ports.out(
    `${plain(key)} waits for an agent. Follow it with: chargehand logs ${plain(key)} --follow${given}\n` +
      `Whether all is set up says: chargehand doctor${given}\n${tellAsking(plan)}`,
  );
}

/** How work is asked for where people talk of it; nothing where nobody hears of that here. */
function tellAsking({ github, publicUrl, poll, project }: Plan): string {
  const isHeard = github !== null && (publicUrl !== null || (poll !== null && github.token !== null));
  if (!isHeard || project.repo === null) return "";
  return `From ${project.repo}: give an issue the label agent, or comment /agent there.\n`;
}
