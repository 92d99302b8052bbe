/** A good configuration, and what is said when one line of it is changed. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { printProblem } from "../../../daemon/config/file.ts";
import { reading } from "./reading.ts";

export const GOOD: readonly string[] = [
  "data_dir: data", // 1
  "server: { webhooks: { port: 0 }, admin: { port: 0 } }", // 2
  "sources:", // 3
  "  github: { secret: github-secret }", // 4
  "  plane: { secret: plane-secret, token: plane-token, workspace: acme }", // 5
  "agents:", // 6
  "  developer: { backend: claude }", // 7
  "  script: { backend: command, argv: [./fix-it] }", // 8
  "projects:", // 9
  "  - name: shop", // 10
  "    prefix: SHOP", // 11
  "    repo: acme/shop", // 12
  "    clone_url: git@github.com:acme/shop.git", // 13
  "    agent: developer", // 14
  "  - { name: mill, prefix: MILL, clone_url: ./mill.git, plane_project: p1, agent: script }", // 15
];

/** The good file with one line replaced (or added behind it with `+`). */
export function edited(line: number, text: string): string {
  const [added, replaced] = text.startsWith("+") ? [[text.slice(1)], 0] : [[text], 1];
  const lines = GOOD.toSpliced(replaced === 1 ? line - 1 : line, replaced, ...added);
  return `${lines.join("\n")}\n`;
}

export interface Refusal {
  readonly line: number;
  readonly text: string;
  readonly path: string;
  readonly says: RegExp;
  /** Line of the problem, when it is not the edited one. */
  readonly at?: number;
}

/** A test for each. */
export function refuses(refusals: readonly Refusal[]): void {
  const { problems: problemsOf } = reading();
  for (const { line, text, path, says, at } of refusals) {
    test(`a configuration with \`${text.trim().replace(/^\+/, "")}\` is refused at ${path}`, async () => {
      const problems = await problemsOf(edited(line, text));
      const found = problems.find((problem) => problem.path === path);
      assert.ok(found, `nothing about ${path}: ${problems.map(printProblem).join(" | ") || "no problem"}`);
      assert.match(found.message, says);
      assert.equal(found.line, at ?? line);
      assert.ok(found.column >= 1);
    });
  }
}

/** A test for each text that has this one problem (a circle has one for each of its two). */
export function refusesAlone(texts: readonly (readonly [text: string, says: RegExp])[]): void {
  const { sentences } = reading();
  for (const [text, says] of texts) {
    test(`refused is \`${text.trim().replaceAll("\n", " ")}\``, async () => {
      const found = await sentences(`data_dir: data\n${text}`);
      assert.ok(
        found.some((problem) => says.test(problem)),
        found.join("\n") || "no problem at all",
      );
      assert.equal(found.length, says.source.includes("circle") ? 2 : 1, found.join("\n"));
    });
  }
}
