/**
 * Rules of `.gitignore`, as git reads them. The step looks for itself what they ignore: a git that walks through an
 * agent's folder opens whatever bears the right name there, and waits for ever at a FIFO.
 *
 * All text is Latin-1, a character per byte. Matching takes time linear in pattern and path.
 */

interface Step {
  /** `many`: any characters but a slash; `all`: any; `folders`: nothing, or any that end with a slash. */
  readonly kind: "one" | "many" | "all" | "folders";
  /** Of `one`: whether it is this character. */
  readonly is: (char: string) => boolean;
}

export interface Rule {
  /** `null` for a pattern that can match nothing. */
  readonly steps: readonly Step[] | null;
  /** The pattern itself where it has nothing special, which most have not. */
  readonly literal: string | null;
  /** What it matches is not ignored. */
  readonly isNegative: boolean;
  readonly isForFolders: boolean;
  /** It is about the last name of a path only. */
  readonly isOnName: boolean;
}

/** The rules of one file, for everything below its folder: `""`, or a path that ends with a slash. */
export interface Rules {
  readonly below: string;
  readonly rules: readonly Rule[];
}

/** @param text of a `.gitignore` */
export function rulesIn(text: string): readonly Rule[] {
  return text
    .replace(/^\xef\xbb\xbf/, "")
    .split("\n")
    .flatMap((line) => {
      const rule = ruleOf(withoutTrailingSpaces(line.replace(/\r$/, "")));
      return line === "" || line.startsWith("#") || rule === null ? [] : [rule];
    });
}

/** @param stack of files on the way to it, outermost first: the last rule that matches decides */
export function isIgnored(stack: readonly Rules[], path: string, isFolder: boolean): boolean {
  for (let at = stack.length - 1; at >= 0; at--) {
    const { below, rules } = stack[at] ?? { below: "", rules: [] };
    const rest = path.slice(below.length);
    const name = rest.slice(rest.lastIndexOf("/") + 1);
    for (let one = rules.length - 1; one >= 0; one--) {
      const rule = rules[one];
      if (rule === undefined || (rule.isForFolders && !isFolder)) continue;
      if (isMatch(rule, rule.isOnName ? name : rest)) return !rule.isNegative;
    }
  }
  return false;
}

/** A space at the end counts only after a backslash. */
function withoutTrailingSpaces(line: string): string {
  let end = 0;
  for (let at = 0; at < line.length; at++) {
    const isEscape = line[at] === "\\";
    if (isEscape) at += 1;
    if (isEscape || line[at] !== " ") end = at + 1;
  }
  return line.slice(0, end);
}

function ruleOf(line: string): Rule | null {
  const isNegative = line.startsWith("!");
  let pattern = isNegative ? line.slice(1) : line;
  const isForFolders = pattern.endsWith("/");
  if (isForFolders) pattern = pattern.slice(0, -1);
  if (pattern === "") return null;
  const isOnName = !pattern.includes("/");
  if (pattern.startsWith("/")) pattern = pattern.slice(1);
  const literal = /[*?[\\]/.test(pattern) ? null : pattern;
  return { steps: literal === null ? stepsOf(pattern) : null, literal, isNegative, isForFolders, isOnName };
}

const NEVER = (): boolean => false;
const NO_SLASH = (char: string): boolean => char !== "/";

function stepsOf(pattern: string): readonly Step[] | null {
  const steps: Step[] = [];
  const one = (is: Step["is"]): void => void steps.push({ kind: "one", is });
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] ?? "";
    if (char === "*") {
      const stars = /^\*+/.exec(pattern.slice(at))?.[0].length ?? 1;
      // Git takes off what is literal before it looks, so that two stars after that stand alone, too.
      const isAlone = pattern[at - 1] === "/" || !/[*?[\\]/.test(pattern.slice(0, at));
      const after = pattern[at + stars];
      at += stars - 1;
      if (stars === 1 || !isAlone || (after !== undefined && after !== "/"))
        steps.push({ kind: "many", is: NEVER });
      else if (after === undefined) steps.push({ kind: "all", is: NEVER });
      else {
        steps.push({ kind: "folders", is: NEVER });
        at += 1;
      }
    } else if (char === "?") one(NO_SLASH);
    else if (char === "[") {
      const found = classAt(pattern, at + 1);
      if (found === null) return null;
      one((c) => c !== "/" && found.is(c));
      at = found.end;
    } else if (char === "\\") {
      at += 1;
      const next = pattern[at];
      if (next === undefined) return null;
      one((c) => c === next);
    } else one((c) => c === char);
  }
  return steps;
}

const NAMED: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[\x21-\x7e]/,
  lower: /[a-z]/,
  print: /[\x20-\x7e]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  xdigit: /[A-Fa-f0-9]/,
};

/** The characters between brackets, from after the first; `null` where they are not closed. */
function classAt(pattern: string, from: number): { readonly is: Step["is"]; readonly end: number } | null {
  const isNegative = pattern[from] === "!" || pattern[from] === "^";
  const first = isNegative ? from + 1 : from;
  const tests: Step["is"][] = [];
  for (let at = first; at < pattern.length; at++) {
    if (pattern[at] === "]" && at > first)
      return { is: (char) => tests.some((test) => test(char)) !== isNegative, end: at };
    const name = /^\[:([a-z]*):\]/.exec(pattern.slice(at))?.[1];
    if (name !== undefined) {
      const named = NAMED[name];
      if (named === undefined) return null;
      tests.push((char) => named.test(char));
      at += name.length + 3;
      continue;
    }
    if (pattern[at] === "\\") at += 1;
    const low = pattern[at];
    if (low === undefined) return null;
    if (pattern[at + 1] === "-" && pattern[at + 2] !== undefined && pattern[at + 2] !== "]") {
      at += pattern[at + 2] === "\\" ? 3 : 2;
      const high = pattern[at];
      if (high === undefined) return null;
      tests.push((char) => char >= low && char <= high);
    } else tests.push((char) => char === low);
  }
  return null;
}

/** States are steps, doubled: the odd one is inside a folder of `folders`, and must reach its slash. */
function isMatch({ literal, steps }: Rule, text: string): boolean {
  if (literal !== null) return literal === text;
  if (steps === null) return false;
  let now = reach(steps, [0]);
  for (const char of text) {
    const next: number[] = [];
    for (const state of now) {
      const at = state >> 1;
      const step = steps[at];
      if (step === undefined) continue;
      if (step.kind === "one") {
        if (step.is(char)) next.push(2 * at + 2);
      } else if (step.kind === "folders") next.push(char === "/" ? 2 * at : 2 * at + 1);
      else if (step.kind === "all" || char !== "/") next.push(2 * at);
    }
    now = reach(steps, next);
    if (now.size === 0) return false;
  }
  return now.has(2 * steps.length);
}

/** With the states that are reached without a character. */
function reach(steps: readonly Step[], states: readonly number[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (const from of states)
    for (let state = from; !found.has(state); state += 2) {
      found.add(state);
      const kind = steps[state >> 1]?.kind ?? "one";
      if (kind === "one" || state % 2 === 1) break;
    }
  return found;
}
