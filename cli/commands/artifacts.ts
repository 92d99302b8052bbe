/**
 * `chargehand artifacts KEY`: what the phases of a task have left behind, and how it differs from try to try; also what
 * was refused, with what was wrong with it.
 */

import type { Command } from "commander";
import { artifactsShape, type ToldArtifact, type ToldArtifacts } from "../answers/tasks.ts";
import { query, segment } from "../client.ts";
import { diffLines } from "../diff.ts";
import { ago, plain, plainLines } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import { nextPage, type PageOptions, show, withPageOptions } from "../read.ts";
import { renderTable, type Screen } from "../table.ts";

interface ArtifactsOptions extends PageOptions {
  readonly phase?: string;
  readonly diff?: boolean;
  readonly text?: boolean;
}

export function artifactsCommand(program: Command, ports: Ports): void {
  withPageOptions(program.command("artifacts").argument("<key>", "key of the task"))
    .description("list what the phases of a task have left behind")
    .option("--phase <phase>", "only of this phase")
    .option("--text", "with its text")
    .option("--diff", "with what has changed from one try to the next")
    .action(async (key: string, { phase, diff, text, limit, cursor, ...options }: ArtifactsOptions) => {
      const render = (told: ToldArtifacts, screen: Screen): string => {
        // The page is of the newest ones; they are told in the order in which they were left.
        const shown = told.artifacts.toReversed().filter((one) => phase === undefined || one.phase === phase);
        if (shown.length === 0)
          return `${plain(told.task)} has left nothing behind${phase === undefined ? "" : " there"}.\n`;
        const texts = diff ? shown.map((one, index) => tellDiff(one, beforeOf(shown, index))) : [];
        const whole = text ? shown.map((one) => `\n${headOf(one)}${plainLines(one.text ?? "")}\n`) : [];
        return table(shown, screen) + whole.join("") + texts.join("") + nextPage(told.next_cursor);
      };
      await show(
        ports,
        options,
        artifactsShape,
        (client) => client.get(`/tasks/${segment(key)}/artifacts${query({ limit, cursor })}`),
        render,
      );
    });
}

function table(artifacts: readonly ToldArtifact[], screen: Screen): string {
  const columns = [
    { head: "PHASE" },
    { head: "CYCLE" },
    { head: "FILE", flexible: true },
    { head: "VALID" },
    { head: "BYTES" },
    { head: "SHA-256" },
    { head: "KEPT" },
  ];
  const rows = artifacts.map((one) => [
    one.phase,
    String(one.cycle),
    one.path,
    one.is_valid ? "yes" : "no",
    String(one.bytes),
    one.sha256.slice(0, 12),
    ago(one.kept_at, screen.now),
  ]);
  return renderTable(columns, rows, screen);
}

function beforeOf(artifacts: readonly ToldArtifact[], index: number): ToldArtifact | undefined {
  return artifacts.slice(0, index).findLast(({ phase }) => phase === artifacts[index]?.phase);
}

function tellDiff(now: ToldArtifact, before: ToldArtifact | undefined): string {
  if (before === undefined) return now.problems.length === 0 ? "" : `\n${headOf(now)}`;
  const lines = diffLines(before.text ?? "", now.text ?? "");
  const changed = lines?.filter((line) => !line.startsWith("  "));
  const body =
    changed === undefined
      ? "It is too long to compare line by line.\n"
      : changed.length === 0
        ? `${now.sha256 === before.sha256 ? "Nothing" : "Nothing that is shown"} has changed.\n`
        : `${plainLines(changed.join("\n"))}\n`;
  return `\n${headOf(now)}${body}`;
}

function headOf({ phase, cycle, path, sha256, problems }: ToldArtifact): string {
  const head = `${plain(phase)}, cycle ${cycle}: ${plain(path)} (${plain(sha256.slice(0, 12))})\n`;
  return head + problems.map((problem) => `refused: ${plain(problem)}\n`).join("");
}
