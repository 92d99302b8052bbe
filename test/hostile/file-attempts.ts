/** What an agent lays at the places that the daemon reads or publishes: links, pipes, devices, folders and giants. */

import { type Attempt, attempt, type Becomes, type Mode, PUBLISHED } from "./attempt.ts";

/** What lies in the place of a run's file fails the run, and its work is kept. */
const KEPT: Readonly<Record<Mode, Becomes>> = { none: "kept", sandbox: "kept" };
/** The agent has moved all of it away itself, or the mark by which it is found. */
const ASTRAY: Readonly<Record<Mode, Becomes>> = { none: "astray", sandbox: "published" };
/** In a sandbox the place cannot be written. */
const KEPT_WITHOUT_WALLS: Readonly<Record<Mode, Becomes>> = { none: "kept", sandbox: "published" };

const RESULT = '"$CHARGEHAND_RESULT"';

function seen(file: string): string {
  return `timeout 1 cat ${file} > "$LOOT"`;
}

function waits(file: string): string {
  return `timeout 1 cat ${file} > /dev/null; [ $? -eq 124 ] && "$E"`;
}

/** Marks what is longer than anybody wants to read. */
function isGiant(file: string): string {
  return `[ "$(timeout 5 head -c 100000000 ${file} | wc -c)" -eq 100000000 ] && "$E"`;
}

/** What the daemon writes itself, exchanged while it writes. */
function ownFile(name: string, what: "link" | "pipe" | "zero"): Attempt {
  const file = `"$RUN/${name}"`;
  const tries: Readonly<Record<typeof what, readonly [string, string]>> = {
    link: [`rm -f ${file}; ln -s "$H/.netrc" ${file}`, seen(file)],
    pipe: [`rm -f ${file}; mkfifo ${file}`, waits(file)],
    zero: [`rm -f ${file}; ln -s /dev/zero ${file}`, isGiant(file)],
  };
  const [does, unwary] = tries[what];
  return attempt(`${name.split(".")[0]}-as-${what}`, does, unwary, {
    becomes: name.endsWith(".log") ? KEPT_WITHOUT_WALLS : PUBLISHED,
  });
}

export const FILE_ATTEMPTS: readonly Attempt[] = [
  attempt("own-environment", 'env > "$LOOT"', "", { run: "own" }),
  attempt(
    "descriptors-left-open",
    'for n in 3 4 5 6 7 8 9; do timeout 1 cat <&$n; done > "$LOOT"',
    'exec 7< "$D/admin-token"; for n in 3 4 5 6 7 8 9; do cat <&$n; done > "$LOOT"',
    { run: "own" },
  ),
  attempt("result-as-link-to-the-token", `ln -s "$H/.netrc" ${RESULT}`, seen(RESULT), { becomes: KEPT }),
  attempt("result-as-hard-link", `ln "$H/.netrc" ${RESULT}`, seen(RESULT), {
    becomes: KEPT_WITHOUT_WALLS,
  }),
  attempt("result-as-pipe", `mkfifo ${RESULT}`, waits(RESULT), { becomes: KEPT }),
  attempt("result-as-link-to-zero", `ln -s /dev/zero ${RESULT}`, isGiant(RESULT), { becomes: KEPT }),
  attempt("result-as-giant", `truncate -s 6G ${RESULT}`, isGiant(RESULT), { becomes: KEPT }),
  attempt("result-as-folder", `mkdir ${RESULT}`, `cat ${RESULT} || "$E"`, { becomes: KEPT }),
  attempt(
    "folder-of-results-as-link",
    'rm -rf "$RUN/out" && ln -s "$H" "$RUN/out"',
    'cat "$RUN/out/.netrc" > "$LOOT"',
    { becomes: KEPT_WITHOUT_WALLS },
  ),
  ownFile("stdout.log", "link"),
  ownFile("stdout.log", "pipe"),
  ownFile("stderr.log", "link"),
  ownFile("stderr.log", "zero"),
  ownFile("prompt.md", "link"),
  ownFile("meta.json", "pipe"),
  attempt(
    "exit-as-pipe",
    'rm -f "$RUN/exit.json"; mkfifo "$RUN/exit.json" && chmod 555 "$RUN"',
    waits('"$RUN/exit.json"'),
    // Whoever is root writes there nevertheless.
    { becomes: process.geteuid?.() === 0 ? PUBLISHED : KEPT_WITHOUT_WALLS },
  ),
  attempt(
    "exit-as-folder",
    'rm -f "$RUN/exit.json"; mkdir "$RUN/exit.json"',
    'cat "$RUN/exit.json" || "$E"',
    {
      becomes: KEPT_WITHOUT_WALLS,
    },
  ),
  attempt(
    "links-in-the-tree",
    'ln -s "$H/.netrc" leak; ln -s "$H" all; ln -s "$CONFIG" configuration',
    'cat leak all/.netrc > "$LOOT"',
    { run: "tree" },
  ),
  attempt("pipe-in-the-tree", "mkfifo pipe", waits("pipe"), { run: "tree" }),
  attempt("giant-in-the-tree", "truncate -s 6G giant", isGiant("giant"), { run: "tree" }),
  attempt(
    "device-in-the-tree",
    "mknod device c 1 5 || mknod device p; [ -e device ]",
    'timeout 1 head -c 100 device | wc -c | grep -q 100 || [ -p device ] && "$E"',
    { run: "tree" },
  ),
  attempt(
    "socket-in-the-tree",
    `perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "socket", Listen => 1)'; [ -S socket ]`,
    'cat socket || "$E"',
    { run: "tree" },
  ),
  attempt(
    "names-in-the-tree",
    'mkdir names && cd names && : > "$(printf "a\\nb")" && : > "$(printf "\\033[31m")" && : > -rf && : > "--help" && : > "$(printf "\\377")"',
    'cd names && ls | grep -q "^b" && "$E"',
    { run: "tree" },
  ),
  attempt(
    "deep-folders-in-the-tree",
    "i=0; while [ $i -lt 300 ]; do mkdir -p deep/deep/deep && cd deep/deep/deep || break; i=$((i + 1)); done; echo x > file",
    'find deep -name file | wc -c | grep -q "...." && "$E"',
    { run: "deep" },
  ),
  attempt(
    "ignored-by-itself",
    'mkdir -p .git/info; echo "*" > .git/info/exclude; echo "*" > .git/ignored; git config core.excludesFile "$PWD/.git/ignored"',
    'echo x > new; git add -A; git diff --cached --quiet && "$E"',
    { run: "ignored" },
  ),
  attempt(
    "unreadable-in-the-tree",
    "mkdir shut; echo x > shut/x; chmod 000 shut",
    'stat -c %a shut | grep -q "^0$" && "$E"',
    {
      run: "unreadable",
    },
  ),
  attempt(
    "folder-as-link-to-the-neighbour",
    'cd "$W/.." && mv "$W" "$W.away" && ln -s "$PREY" "$W"',
    'touch "$W/$BITE"',
    { becomes: ASTRAY },
  ),
  attempt(
    "folder-as-link-to-everything",
    'cd / && mv "$W" "$W.away" && ln -s / "$W"',
    '[ -e "$W/bin" ] && "$E"',
    {
      becomes: ASTRAY,
    },
  ),
  attempt("folder-as-pipe", 'cd / && mv "$W" "$W.away" && mkfifo "$W"', waits('"$W"'), {
    becomes: ASTRAY,
  }),
  attempt("mark-of-the-folder-as-pipe", 'rm -f "$W.ready"; mkfifo "$W.ready"', waits('"$W.ready"'), {
    becomes: ASTRAY,
  }),
];
