/** The law of the house, as a test: the layout, the sizes and the habits that a review would otherwise have to see. */

import assert from "node:assert/strict";
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize, resolve } from "node:path";
import { test } from "node:test";
import { circlesOf, floorsOf } from "./house/floors.ts";
import { astray, excepted, spoken } from "./house/judge.ts";
import {
  BANS,
  BANS_EVERYWHERE,
  CASTS,
  COLUMNS_MAX,
  FILE_LINES_MAX,
  FLOORS_MAX,
  FOLDER_FILES_MAX,
  FOLDERS,
  FUNCTION_LINES_MAX,
  MAY_IMPORT,
  MODULES,
  NOT_ROOMS,
  OUTSIDE,
  RATCHET,
  REMARKS,
  ROOMS_NOW,
  SQL,
  SQL_SPEAKERS,
} from "./house/law.ts";
import { readSource, type Source } from "./house/source.ts";

const ROOT = resolve(import.meta.dirname, "..");
const IGNORED = ["node_modules", "dist", ".git", ".chargehand"];
const paths = globSync("**/*", {
  cwd: ROOT,
  exclude: (entry) => IGNORED.includes(entry.name),
  withFileTypes: true,
})
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1));
const sources = paths.filter((path) => path.endsWith(".ts")).map((path) => readSource(ROOT, path));
const rooms = sources.filter(({ room }) => room in MAY_IMPORT);
const documents = paths.filter((path) => path.endsWith(".md") && !path.startsWith("test/"));
const manifest: unknown = JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8"));

function lawful(broken: readonly string[]): void {
  assert.equal(broken.length, 0, `\n  ${broken.join("\n  ")}\n`);
}

test("the top-level folders are the rooms of DESIGN §3 and a few that are named", () => {
  const folders = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = folders
    .map(({ name }) => name)
    .filter((name) => !name.startsWith(".") && !IGNORED.includes(name));
  lawful(
    names
      .filter((name) => !(name in MAY_IMPORT) && !NOT_ROOMS.includes(name))
      .map((name) => `${name}/ is no room`),
  );
  lawful(
    ROOMS_NOW.filter((room) => !rooms.some((source) => source.room === room)).map(
      (room) => `${room}/ is empty`,
    ),
  );
});

test("imports go down only, and features never import one another", () => {
  lawful(rooms.flatMap((source) => source.imports.flatMap((link) => misdirected(source, link))));
});

function misdirected(source: Source, { from, line, typesOnly }: Source["imports"][number]): string[] {
  if (!from.startsWith(".")) return [];
  const target = normalize(join(dirname(source.path), from));
  const room = target.split("/")[0] ?? "";
  // The manifest is where a program reads its own version.
  if (room === source.room || target === "package.json") return [];
  const may = MAY_IMPORT[source.room] ?? [];
  if (may.includes(room) || (typesOnly && may.includes(`${room} (types)`))) return [];
  return [
    `${source.path}:${line} imports ${target}; ${source.room}/ may import only: ${may.join(", ") || "nothing"}`,
  ];
}

test("folders inside rooms keep their directions", () => {
  lawful(rooms.flatMap((source) => astray(source, FOLDERS)));
});

test("no file stands on itself: imports make no circle, not even of types", () => {
  lawful(circlesOf(sources).map((way) => way.join(" -> ")));
});

test("a room that has grown high stays within its floors", () => {
  for (const [room, most] of Object.entries(FLOORS_MAX)) {
    const floors = floorsOf(rooms.filter((source) => source.room === room));
    lawful(
      [...floors]
        .filter(([, floor]) => floor > most)
        .map(([path, floor]) => `${path} stands on floor ${floor}; ${room}/ has ${most}`),
    );
  }
});

test(`no folder of a room has more than ${FOLDER_FILES_MAX} files`, () => {
  const folders = Map.groupBy(rooms, ({ path }) => dirname(path));
  lawful(
    [...folders]
      .filter(([, files]) => files.length > FOLDER_FILES_MAX)
      .map(([folder, { length }]) => `${folder}/ has ${length} files: a prefix in it wants to be a folder`),
  );
});

test("workflow/ imports no package and nothing of Node", () => {
  const links = rooms
    .filter(({ room }) => room === "workflow")
    .flatMap(({ path, imports }) => imports.map((link) => ({ path, ...link })));
  lawful(
    links
      .filter(({ from }) => !from.startsWith("."))
      .map(({ path, line, from }) => `${path}:${line} imports ${from}`),
  );
});

test("a module with effects is imported only where its port is made", () => {
  const broken = rooms.flatMap(({ path, imports }) =>
    imports.flatMap(({ from, line, typesOnly }) =>
      typesOnly
        ? []
        : MODULES.filter((ban) => ban.what.test(from) && !excepted(ban, path)).map(
            (ban) => `${path}:${line} imports ${from}; use ${ban.instead}`,
          ),
    ),
  );
  lawful(broken);
});

test("rooms import only what is installed with the package, but for types, which are gone by then", () => {
  const own = new Set(Object.keys(dependenciesOf(manifest, "dependencies")));
  const types = new Set(Object.keys(dependenciesOf(manifest, "devDependencies")));
  const names = rooms.flatMap(({ path, imports }) =>
    imports.map(({ from, line, typesOnly }) => ({ path, line, typesOnly, name: packageOf(from) })),
  );
  lawful(
    names
      .filter(({ name, typesOnly }) => name !== null && !own.has(name) && !(typesOnly && types.has(name)))
      .map(({ path, line, name }) => `${path}:${line} imports ${name}, which is no dependency`),
  );
});

function dependenciesOf(value: unknown, kind: string): object {
  const all = new Map(Object.entries(value ?? {})).get(kind);
  assert.ok(typeof all === "object" && all !== null);
  return all;
}

function packageOf(from: string): string | null {
  if (from.startsWith(".") || from.startsWith("node:")) return null;
  return from
    .split("/")
    .slice(0, from.startsWith("@") ? 2 : 1)
    .join("/");
}

test("time, chance, processes, network, environment and terminal enter by their doors", () => {
  lawful(rooms.flatMap((source) => spoken(source, BANS)));
});

test("no test is left alone, skipped without a reason, or typed as any", () => {
  lawful(sources.flatMap((source) => spoken(source, BANS_EVERYWHERE)));
});

test("no remark hides work or silences a tool", () => {
  lawful(
    sources.flatMap(({ path, comments }) =>
      comments.flatMap(({ line, text }) =>
        REMARKS.filter(({ what }) => what.test(text)).map(
          ({ what, instead }) => `${path}:${line} says ${what.source}; use ${instead}`,
        ),
      ),
    ),
  );
});

test("no catch is empty", () => {
  lawful(
    sources.flatMap(({ path, emptyCatches }) =>
      emptyCatches.map((line) => `${path}:${line}: handle it, or let it through`),
    ),
  );
});

test("SQL is spoken in store/ only", () => {
  const others = rooms.filter(({ path }) => !SQL_SPEAKERS.some((prefix) => path.startsWith(prefix)));
  lawful(
    others.flatMap(({ path, strings }) =>
      strings
        .filter(({ text }) => SQL.test(text))
        .map(({ line }) => `${path}:${line}: make it a verb of store/`),
    ),
  );
});

test("casts stand in decoders only, and each of those still needs them", () => {
  lawful(
    rooms.flatMap(({ path, casts }) =>
      path in CASTS
        ? []
        : casts.map((line) => `${path}:${line}: decode it, or name the file and its reason in CASTS`),
    ),
  );
  lawful(
    Object.keys(CASTS)
      .filter((path) => !rooms.some((source) => source.path === path && source.casts.length > 0))
      .map((path) => `${path} casts nothing any more: take it out of CASTS`),
  );
});

test(`no source file is longer than ${FILE_LINES_MAX} lines, and no function longer than ${FUNCTION_LINES_MAX}`, () => {
  const long = rooms.flatMap(({ path, text, functions }) => [
    { name: path, lines: text.trimEnd().split("\n").length, most: FILE_LINES_MAX },
    ...functions.map(({ name, line, lines }) => ({
      name: `${path}#${name === "(anonymous)" ? line : name}`,
      lines,
      most: FUNCTION_LINES_MAX,
    })),
  ]);
  lawful(
    long
      .filter(({ name, lines, most }) => lines > (RATCHET[name] ?? most))
      .map(
        ({ name, lines, most }) =>
          `${name} has ${lines} lines, at most ${RATCHET[name] ?? most}: one idea to a file, one step to a function`,
      ),
  );
  lawful(
    Object.entries(RATCHET)
      .filter(([name, most]) => !long.some((one) => one.name === name && one.lines === most))
      .map(([name]) => `${name} has shrunk: lower its number in RATCHET, or take it out`),
  );
});

test(`no comment is wider than ${COLUMNS_MAX} columns`, () => {
  lawful(
    sources.flatMap(({ path, comments, text }) => comments.flatMap((comment) => wide(path, text, comment))),
  );
});

function wide(path: string, text: string, comment: Source["comments"][number]): string[] {
  const height = comment.text.split("\n").length;
  return text
    .split("\n")
    .slice(comment.line - 1, comment.line - 1 + height)
    .flatMap((line, index) =>
      line.length > COLUMNS_MAX && !line.includes("://") && /^\s*(\/?\*|\/\/)/.test(line)
        ? [`${path}:${comment.line + index}`]
        : [],
    );
}

test("every source file opens with its page", () => {
  lawful(
    sources
      .filter(({ hasPage }) => !hasPage)
      .map(({ path }) => `${path}: say what it is for, and what it does not do`),
  );
});

test('a log line names its move: log.info({ event: "noun.verb", … })', () => {
  const calls = rooms.flatMap(({ path, text, code }) =>
    [...code.matchAll(/\blog\.(?:debug|info|warn|error)\(/g)].map(({ index }) => ({
      at: `${path}:${code.slice(0, index).split("\n").length}`,
      said: text.slice(index, index + 200),
    })),
  );
  const named = /^log\.\w+\(\s*(\{\s*event: "[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*"|\w+\))/;
  lawful(
    calls
      .filter(({ said }) => !named.test(said))
      .map(({ at, said }) => `${at}: ${said.split("\n")[0] ?? ""}`),
  );
});

test("every fixture and golden file is used by a test", () => {
  const tests = sources.filter(({ room }) => room === "test" || room === "bench" || room === "cli");
  const kept = paths.filter((path) => /^test\/(fixtures|golden)\//.test(path));
  lawful(
    kept
      .filter((path) => !tests.some((source) => mentions(source.text, path)))
      .map((path) => `${path} is used by nothing: delete it`),
  );
});

/** By its name, with or without ending; or by its folder, when the whole folder is read. */
function mentions(text: string, path: string): boolean {
  const name = basename(path);
  const stem = name.replace(/(\.[a-z]+)+$/, "");
  if (text.includes(name) || (stem.length > 3 && new RegExp(`["'\`/]${RegExp.escape(stem)}\\b`).test(text)))
    return true;
  const folders = dirname(path).split("/").slice(2);
  return (
    /readdirSync|globSync|readdir\(|glob\(/.test(text) &&
    folders.length > 0 &&
    text.includes(`fixtures/${folders.join("/")}`)
  );
}

test("a document has one title, and its links lead somewhere", () => {
  const read = documents.map((path) => ({
    path,
    text: readFileSync(`${ROOT}/${path}`, "utf8").replace(/^```[\s\S]*?^```/gm, ""),
  }));
  lawful(
    read
      .filter(({ text }) => (text.match(/^# /gm) ?? []).length !== 1)
      .map(({ path }) => `${path}: one \`#\` heading, please`),
  );
  const links = read.flatMap(({ path, text }) =>
    [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link]) => ({ path, link: link ?? "" })),
  );
  const local = links.filter(({ link }) => !/^[a-z]+:/.test(link));
  lawful(
    local
      .filter(({ path, link }) => !existsSync(join(ROOT, dirname(path), link)))
      .map(({ path, link }) => `${path} links to ${link}, which is not there`),
  );
});

test("ARCHITECTURE names every invariant, and no file that is not there", () => {
  const text = readFileSync(`${ROOT}/ARCHITECTURE.md`, "utf8");
  const named = [...text.matchAll(/`((?:[a-z0-9-]+\/)+[a-z0-9.-]+\.[a-z]+)`/g)].map(([, path]) => path ?? "");
  lawful(
    named.filter((path) => !existsSync(join(ROOT, path))).map((path) => `ARCHITECTURE.md names ${path}`),
  );
  const invariants = Array.from({ length: 13 }, (_, index) => `| I${index + 1} |`);
  lawful(invariants.filter((row) => !text.includes(row)).map((row) => `ARCHITECTURE.md has no row ${row}`));
  assert.ok(text.split("\n").length <= 200, "ARCHITECTURE.md fits in 200 lines");
});

test("nothing names the surroundings it was written in", () => {
  const texts = paths.filter((path) => !path.startsWith("test/fixtures/"));
  lawful(
    texts
      .filter((path) => OUTSIDE.test(readFileSync(`${ROOT}/${path}`, "utf8")))
      .map((path) => `${path} names a registry's host or a path of somebody's machine`),
  );
});
