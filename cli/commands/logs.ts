/**
 * `chargehand logs RUN|KEY`: what an agent printed, byte by byte as it printed it.
 *
 * A followed log survives a restart of the daemon, as the agent does: the command finds the new daemon and goes on
 * from the byte it had.
 */

import type { Command } from "commander";
import { runShape, runWithToolsShape, taskShape } from "../answers/tasks.ts";
import { type Client, connect, query, segment } from "../client.ts";
import type { DaemonOptions } from "../find.ts";
import { type Answer, EXIT, fail, report } from "../outcome.ts";
import { plain } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import { decode, withDaemonOptions } from "../read.ts";

interface LogsOptions extends DaemonOptions {
  readonly follow?: boolean;
  readonly stderr?: boolean;
  readonly setup?: boolean;
  readonly tool?: string;
  readonly json?: boolean;
}

/** With the pause between them: patience for a restart of the daemon, not for a night. */
const RECONNECTS_MAX = 30;
const PAUSE_MS = 1_000;

export function logsCommand(program: Command, ports: Ports): void {
  withDaemonOptions(
    program
      .command("logs")
      .argument("<run|key>", "id of a run or its beginning, or key of a task for its newest run"),
  )
    .description("print what an agent printed")
    .option("-f, --follow", "go on until the agent has ended")
    .option("--stderr", "its standard error instead of its standard output")
    .option("--setup", "what the set-up of its project printed before the agent was started")
    .option("--tool <name>", "only the lines in which it called this tool")
    .action(async (name: string, options: LogsOptions) => {
      if (options.tool !== undefined && (options.follow || options.stderr || options.setup))
        return report(
          fail(
            EXIT.usage,
            "--tool searches what was printed by now: it goes with none of -f, --stderr and --setup",
          ),
          ports,
        );
      if (options.stderr && options.setup)
        return report(fail(EXIT.usage, "--stderr and --setup exclude each other"), ports);
      if (options.json && options.follow)
        return report(fail(EXIT.usage, "--json and --follow exclude each other"), ports);
      const failure = await printLog(name, options, ports);
      if (failure.kind === "failed") report(failure, ports);
    });
}

async function printLog(name: string, options: LogsOptions, ports: Ports): Promise<Answer<null>> {
  const client = await connect(options, ports);
  if (client.kind === "failed") return client;
  const run = await findRun(name, client.value);
  if (run.kind === "failed") return run;
  return options.json
    ? printJson(run.value, options, client.value, ports)
    : follow(run.value, options, client.value, ports);
}

/** Task keys have a dash, ids of runs have none. */
async function findRun(name: string, client: Client): Promise<Answer<string>> {
  if (!name.includes("-")) return { kind: "ok", value: name };
  const answer = await client.get(`/tasks/${segment(name)}`);
  const task = answer.kind === "failed" ? answer : decode(taskShape, answer.value);
  if (task.kind === "failed") return task;
  const newest = task.value.runs.toSorted((one, other) => (one.id < other.id ? 1 : -1))[0];
  if (newest !== undefined) return { kind: "ok", value: newest.id };
  return fail(EXIT.notFound, `no agent has worked on ${name} yet`, `why not: chargehand explain ${name}`);
}

async function follow(run: string, options: LogsOptions, first: Client, ports: Ports): Promise<Answer<null>> {
  let client: Answer<Client> = { kind: "ok", value: first };
  let offset = 0;
  for (let failures = 0; failures <= RECONNECTS_MAX; failures += 1) {
    const answer: Answer<Chunks> =
      client.kind === "failed" ? client : await client.value.stream(pathOf(run, offset, options));
    if (answer.kind === "failed") {
      if (answer.exit !== EXIT.unreachable || failures === 0) return answer;
    } else {
      const read = await copy(answer.value, ports);
      offset += read.bytes;
      if (read.broken === null && read.bytes === 0 && options.tool !== undefined && client.kind === "ok")
        return neverCalled(run, options.tool, client.value);
      if (!options.follow) return read.broken === null ? DONE : brokenOff(read.broken);
      if (client.kind === "ok" && (await isOver(run, client.value)))
        return finish(run, offset, options, client.value, ports);
      failures = 0;
    }
    await ports.clock.sleep(PAUSE_MS);
    client = await connect(options, ports);
  }
  return fail(
    EXIT.unreachable,
    "the daemon has gone away",
    "the agent may still be working; try again when the daemon is back",
  );
}

async function neverCalled(run: string, tool: string, client: Client): Promise<Answer<null>> {
  const answer = await client.get(`/runs/${segment(run)}`);
  const decoded = answer.kind === "failed" ? answer : decode(runWithToolsShape, answer.value);
  const tools = decoded.kind === "failed" ? [] : decoded.value.tools;
  const known = tools.map(({ name, calls }) => `${plain(name)} (${calls})`).join(", ");
  const hint = known === "" ? "no call of a tool was told of" : `it has called ${known}`;
  return fail(EXIT.notFound, `run ${run} has called no tool ${plain(tool)}`, hint);
}

/** A daemon that stops ends the stream as if the log had ended, so the run itself is asked. */
async function isOver(run: string, client: Client): Promise<boolean> {
  const answer = await client.get(`/runs/${segment(run)}`);
  const decoded = answer.kind === "failed" ? answer : decode(runShape, answer.value);
  return decoded.kind === "ok" && Boolean(decoded.value.finished_at);
}

/** The last bytes may have been written between the end of the stream and the end of the run. */
async function finish(
  run: string,
  offset: number,
  options: LogsOptions,
  client: Client,
  ports: Ports,
): Promise<Answer<null>> {
  const rest = await client.stream(pathOf(run, offset, { ...options, follow: false }));
  if (rest.kind === "failed") return rest;
  const { broken } = await copy(rest.value, ports);
  return broken === null ? DONE : brokenOff(broken);
}

function brokenOff(why: string): Answer<null> {
  return fail(EXIT.failed, `the daemon broke off in the middle of the log: ${why}`);
}

const DONE: Answer<null> = { kind: "ok", value: null };
type Chunks = AsyncIterable<Uint8Array>;

/** Writes what comes. `broken` says why the connection ended before the log did. */
async function copy(chunks: Chunks, ports: Ports): Promise<{ bytes: number; broken: string | null }> {
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      ports.out(chunk);
      bytes += chunk.length;
    }
    return { bytes, broken: null };
  } catch (error) {
    return { bytes, broken: error instanceof Error ? error.message : String(error) };
  }
}

async function printJson(
  run: string,
  options: LogsOptions,
  client: Client,
  ports: Ports,
): Promise<Answer<null>> {
  const answer = await client.stream(pathOf(run, 0, options));
  if (answer.kind === "failed") return answer;
  const parts: Uint8Array[] = [];
  const read = await copy(answer.value, { ...ports, out: (part) => void parts.push(Buffer.from(part)) });
  if (read.broken !== null) return brokenOff(read.broken);
  const stream = streamOf(options);
  ports.out(
    `${JSON.stringify({ run, stream, bytes: read.bytes, text: Buffer.concat(parts).toString("utf8") }, null, 2)}\n`,
  );
  return DONE;
}

function pathOf(run: string, offset: number, options: LogsOptions): string {
  const stream = streamOf(options);
  const asked = { offset, follow: options.follow === true ? true : undefined, tool: options.tool };
  return `/runs/${segment(run)}/log${query({ ...asked, stream: stream === "stdout" ? undefined : stream })}`;
}

function streamOf({ stderr, setup }: LogsOptions): "stdout" | "stderr" | "setup" {
  return setup ? "setup" : stderr ? "stderr" : "stdout";
}
