/** Everything a run needs before its process is started: workspace, prompt, command line, environment. */

import { isReachable } from "../../agents/accounts.ts";
import { giveOwnProgram } from "../../agents/asking/own-program.ts";
import { homeOf, makeHome } from "../../agents/home.ts";
import { missingProgram } from "../../agents/program.ts";
import { backendFor } from "../../agents/registry.ts";
import { ASKED_FILE, ASKED_FOLDER, runFolder } from "../../agents/supervision/run-folder.ts";
import type { Workspace } from "../../forges/git/workspace.ts";
import type { Claim } from "../../store/claim/claim.ts";
import type { LaunchSpec } from "../../system/process/processes.ts";
import type { FailureClass } from "../../workflow/faults.ts";
import { asFarAsAllowed } from "../../workflow/phases/bounds.ts";
import type { Prompt } from "../../workflow/phases/prompt.ts";
import { type AgentProfile, type Project, serves } from "../../workflow/project.ts";
import type { RunOutcome, RunPlan } from "../../workflow/run.ts";
import type { Task } from "../../workflow/task.ts";
import type { Workflow, WorkflowPhase } from "../../workflow/workflow.ts";
import { accountEnvironment, environmentOf } from "./environment.ts";
import { failure, whyClosed } from "./own-outcomes.ts";
import { isSystemError, orOwnTrouble } from "./own-trouble.ts";
import { type RunnerPorts, runDirectory } from "./ports.ts";
import { projectData } from "./project-data.ts";
import { sessionOf } from "./session.ts";
import { planWith, writeSetup } from "./setup.ts";
import { knownTo } from "./told/known.ts";
import { artifactPath, tell } from "./told/prompt.ts";
import { wallsAround, wallsTrouble } from "./walls.ts";
import { goesOn, workspaceSpec } from "./workspace.ts";

export type Prepared =
  | {
      readonly kind: "ready";
      readonly launch: LaunchSpec;
      readonly profile: AgentProfile;
      /** As it is written down; until the agent begins, how long its set-up may take. */
      readonly plan: RunPlan;
    }
  | { readonly kind: "failed"; readonly outcome: RunOutcome };

/** @param task of the claim; `null` when there is none. @throws what is not the machine's own trouble */
export async function prepare(ports: RunnerPorts, claim: Claim, task: Task | null): Promise<Prepared> {
  try {
    return await makeReady(ports, claim, task);
  } catch (error) {
    // The run's folder is the daemon's own: what is wrong there meets every other job as well.
    if (!isSystemError(error)) throw error;
    const reason = `what the agent needs could not be written: ${error.message}`;
    return failed("host", reason);
  }
}

async function makeReady(ports: RunnerPorts, claim: Claim, task: Task | null): Promise<Prepared> {
  const { job, run } = claim;
  const project = ports.projects.get(job.project);
  // By a fallback, the run may be played by another profile than the job asked for.
  const played = ports.profiles.get(run.agent);
  if (project === undefined) return failed("policy", `project ${job.project} is not in the configuration`);
  if (played === undefined) return failed("policy", `agent profile ${run.agent} is not in the configuration`);
  if (!serves(played, job.project))
    return failed(
      "policy",
      `agent profile ${run.agent} does not work for project ${job.project} (agents.*.projects)`,
    );
  if (task === null) return failed("policy", `task ${job.task} does not exist`);
  const workflow = await ports.store.workflows.ofTask(task);
  const phase = workflow?.phases.find(({ key }) => key === job.phase);
  if (workflow === null || phase === undefined)
    return failed("policy", `workflow ${task.workflow} has no phase ${job.phase}`);
  const profile = asChosen(task, asMeant(ports, claim, played, { project, workflow, phase }));
  const absent = absentProgram(ports, run, profile, project);
  if (absent !== null) return absent;
  const closed = await whyClosed(ports, task, project);
  if (closed !== null) return { kind: "failed", outcome: closed };
  // Of an attempt before this one there may be nothing to go on with.
  const spec = {
    ...workspaceSpec(task, project, profile),
    again: job.fence > 1,
    ...(await goesOn(ports.store, task, project)),
  };
  const workspace = await orOwnTrouble(() => ports.workspaces.prepare(spec));
  if (workspace.kind === "failed") return failed("workspace", workspace.reason);
  // It may have left the configuration while git worked; the next claim goes by another.
  if (run.account !== null && !isReachable(ports.accounts, profile, run.account))
    return failed("interrupted", `account ${run.account} is not in the configuration any more`);
  for (const reason of workspace.value.told ?? [])
    ports.log.warn({ event: "workspace.told", run: run.id, task: task.key, reason });
  const directory = runDirectory(ports, run.id);
  const outsideFolder = `${directory}/${ASKED_FOLDER}`;
  const known = await knownTo(ports, task, directory);
  const file = backendFor(profile.backend).outsideText === "file" ? `${directory}/${ASKED_FILE}` : null;
  const told = workspace.value.told ?? [];
  const about = { task, project, workflow, phase, known, directory, file, told };
  const prompt = tell({ ...about, attempt: job.fence, secret: ports.chance.token() });
  if (typeof prompt === "string") return failed("policy", prompt);
  const launch = await makeRunDirectory(ports, {
    claim,
    profile,
    directory,
    outsideFolder,
    prompt,
    workspace: workspace.value,
    project,
    artifact: artifactPath(directory, phase),
  });
  if (typeof launch === "string") return failed("policy", launch);
  const heard = known.feedback.at(-1)?.id ?? 0;
  return { kind: "ready", launch, profile, plan: planWith({ ...profile, heard }, project.setup) };
}

/** Nothing is begun without the program, and nothing is lost by that. What a set-up may still make is waited for. */
function absentProgram(
  ports: RunnerPorts,
  run: Claim["run"],
  profile: AgentProfile,
  project: Project,
): Prepared | null {
  const { tree, environment: daemon, dataDir } = ports;
  const account = accountEnvironment(ports, run);
  const mounts = [...project.mounts, ...profile.mounts].flatMap(({ mode, path }) =>
    mode === "rw" ? path : [],
  );
  const made = project.setup === null ? [dataDir] : [dataDir, daemon["HOME"] ?? dataDir, ...mounts];
  const why = missingProgram({ tree, daemon, account, profile, made });
  if (why === null) return null;
  return { kind: "failed", outcome: { ...failure("program_absent", why.reason), remedy: why.remedy } };
}

/**
 * The profile as phase and window want it. The words of a phase are nearer to the work than those of a window; but what
 * a repository says stays within what the operator says, and a window is the operator's.
 */
function asMeant(
  ports: RunnerPorts,
  claim: Claim,
  played: AgentProfile,
  { project, workflow, phase }: { project: Project; workflow: Workflow; phase: WorkflowPhase },
): AgentProfile {
  if (workflow.bounded !== true) return inPhase(phase, inWindow(ports, claim, played));
  const asked = asFarAsAllowed(phase, played, { project, profiles: ports.profiles });
  return inWindow(ports, claim, inPhase(asked, played));
}

function inPhase(
  { model, effort, timeoutMs }: Pick<WorkflowPhase, "model" | "effort" | "timeoutMs">,
  profile: AgentProfile,
): AgentProfile {
  return {
    ...profile,
    model: model ?? profile.model,
    effort: effort ?? profile.effort,
    timeoutMs: timeoutMs ?? profile.timeoutMs,
  };
}

/** The profile as the task wants it: whoever made it has said so in so many words. */
function asChosen({ pins: { model, effort } }: Task, profile: AgentProfile): AgentProfile {
  return { ...profile, model: model ?? profile.model, effort: effort ?? profile.effort };
}

/**
 * The profile as the window that was open at the claim wants it. One of another program than the window is about is
 * left alone, be it a fallback or one that goes on with its session: it knows models by other names.
 */
function inWindow(ports: RunnerPorts, { job, run }: Claim, profile: AgentProfile): AgentProfile {
  const settings = ports.windowSettings(job.project, run.claimedAt);
  if (settings === null) return profile;
  const meant = ports.profiles.get(settings.agent ?? job.agent);
  if (meant?.backend !== profile.backend) return profile;
  const { model, effort, permissions } = settings;
  return {
    ...profile,
    model: model ?? profile.model,
    effort: effort ?? profile.effort,
    permissions: permissions ?? profile.permissions,
  };
}

interface Writing {
  readonly claim: Claim;
  readonly profile: AgentProfile;
  readonly directory: string;
  readonly outsideFolder: string;
  readonly prompt: Prompt;
  readonly workspace: Workspace;
  readonly project: Project;
  /** Where its phase wants something left behind. */
  readonly artifact: string | null;
}

/**
 * The run's directory with its `prompt.md`, the text from outside and the agent's own folder, and what is to be
 * launched there; a sentence where that cannot be.
 */
async function makeRunDirectory(ports: RunnerPorts, writing: Writing): Promise<LaunchSpec | string> {
  const { claim, profile, directory, outsideFolder, prompt, workspace, project, artifact } = writing;
  const { run, job } = claim;
  const { directory: cwd, pristine } = workspace;
  const { prompt: promptFile, out, given } = runFolder(directory);
  const invocation = backendFor(profile.backend).invoke({
    run: run.id,
    profile,
    session: sessionOf(job, { ...run, backend: profile.backend }),
    promptFile,
    promptText: prompt.text,
    outsideFolder,
    directory,
    walled: ports.walls.level === "sandbox",
  });
  await ports.files.makeDirectory("run", out);
  await ports.files.write("prompt", promptFile, prompt.text);
  if (prompt.outside !== null) {
    await ports.files.makeDirectory("run", outsideFolder);
    await ports.files.write("prompt", `${directory}/${ASKED_FILE}`, prompt.outside);
  }
  for (const [name, text] of Object.entries(invocation.files)) {
    await ports.files.write("settings", given(name), text);
  }
  const own = { ...invocation.env, ...(artifact !== null && { CHARGEHAND_ARTIFACT: artifact }) };
  const env = environmentOf(ports, run, profile, directory, own);
  const withOwn = await giveOwnProgram(ports, directory, env);
  const launch = { argv: invocation.argv, cwd, env: withOwn, directory, stdin: invocation.stdin };
  const home = homeOf(ports, run.account, profile);
  const account = accountEnvironment(ports, run);
  const data = await projectData(ports, project);
  const borrowed = [workspace.borrowed, ...(workspace.alsoBorrowed ?? [])];
  const inside = { profile, project, worktree: cwd, borrowed, directory, home, account, env, data };
  const trouble = wallsTrouble(ports, inside);
  if (trouble !== null) return trouble;
  if (home !== null) await makeHome(ports, home, profile.backend);
  const { setup } = project;
  const first = setup === null ? [] : await writeSetup(ports, { run, setup, inside, pristine });
  const wrapper = [...first, ...wallsAround(ports, inside)];
  return wrapper.length === 0 ? launch : { ...launch, wrapper };
}

function failed(failed: FailureClass, reason: string): Prepared {
  return { kind: "failed", outcome: failure(failed, reason) };
}
