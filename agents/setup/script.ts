/**
 * The set-up of a project as a script of a shell, which is run in front of the agent by the agent's own process. Pure.
 *
 * U1. It stands between the start gate and the agent, as the walls do (`system/process/launcher.ts`), so that gate,
 *     identity, adoption, stop and sweep are those of the run. When it has succeeded it becomes the agent; until then
 *     the launcher says that the agent never ran.
 * U2. What it says of its end, it says outside the walls, in the run's folder, where neither the set-up's commands nor
 *     the agent can write: `setup.done` or `setup.failed`.
 * U3. Its commands run inside walls of their own: those of the agent, and beyond them the caches, which the agent never
 *     sees. What is left working there ends with them.
 * U4. A cache is saved from a folder where no agent has worked yet, before one is started, and whole or not at all: it
 *     is copied beside, and the name `current` is turned to it. Nothing of a cache fails a run.
 */

import { quote } from "../../system/process/quote.ts";
import { CACHE_COPY_MS } from "../../workflow/limits.ts";
import { SETUP_DONE, SETUP_FAILED, SETUP_LOG } from "../supervision/setting-up.ts";

export interface SetupPlan {
  /** The run's folder. Paths are absolute. */
  readonly directory: string;
  /** Words that put walls around what follows them; none where there are no walls. */
  readonly walls: readonly string[];
  /** Commands of a shell. */
  readonly run: readonly string[];
  /** Of all commands together, ms. */
  readonly timeoutMs: number;
  /** Variables that the commands do not see. */
  readonly hidden: readonly string[];
  readonly cache: CachePlan;
}

export interface CachePlan {
  /** Relative to the working copy. */
  readonly paths: readonly string[];
  /** The folder from which they are taken; `null` where nothing was saved yet. */
  readonly from: string | null;
  /** Where they are saved; `null` where an agent has worked already. */
  readonly to: SavePlan | null;
}

export interface SavePlan {
  /** A folder in the run's, which is given its place when all is in it. */
  readonly beside: string;
  /** The project's folder of caches, and the name of this one in it. */
  readonly store: string;
  readonly name: string;
  readonly bytesMax: number;
}

/** Words that run what follows them, when the set-up has succeeded. */
export function setupWords(script: string): readonly string[] {
  return ["/bin/sh", script];
}

/** How the script ends when the set-up has failed; the launcher's record says besides that no agent ran. */
const FAILED_STATUS = 77;
const KILL_AFTER_S = 10;

export function setupScript(plan: SetupPlan): string {
  const { directory, walls, timeoutMs, hidden, cache } = plan;
  const { from, to } = cache;
  const inner = [
    ...["/usr/bin/env", ...hidden.flatMap((name) => ["-u", name])],
    ...["/bin/sh", "-c", inside(cache.paths), "chargehand-setup"],
    ...[from ?? "", to?.beside ?? "", String(Math.floor((to?.bytesMax ?? 0) / 1_024))],
    ...[String(Math.ceil(timeoutMs / 1_000)), commands(plan.run)],
  ];
  return [
    `directory=${quote(directory)}`,
    // Neither the prompt nor the word of the launcher's start gate is the set-up's.
    `${[...walls, ...inner].map(quote).join(" ")} </dev/null >>"$directory/${SETUP_LOG}" 2>&1 8>&-`,
    "status=$?",
    'if [ "$status" -ne 0 ]; then',
    `  echo "$status" >"$directory/${SETUP_FAILED}"`,
    `  exit ${FAILED_STATUS}`,
    "fi",
    ...(to === null ? [] : [saving(to)]),
    `: >"$directory/${SETUP_DONE}"`,
    'exec "$@"',
    "",
  ].join("\n");
}

/** The name of a path in a cache: one word, from which the path is known again. */
function nameOf(path: string): string {
  return encodeURIComponent(path);
}

/** What is done inside the walls: caches are taken, the commands are run, caches are put beside. */
function inside(paths: readonly string[]): string {
  const each = (verb: string): string =>
    paths.map((path) => `${verb} ${quote(nameOf(path))} ${quote(path)}`).join("\n");
  const copy = `timeout -k ${KILL_AFTER_S} ${CACHE_COPY_MS / 1_000} cp -a --reflink=auto --`;
  return `from=$1 beside=$2 left=$3 limit=$4
say() { printf 'set-up: %s\\n' "$1"; }
clear() { chmod -R u+rwX -- "$1"; rm -rf -- "$1"; }
take() {
  if [ -z "$from" ] || [ -e "$2" ] || [ -L "$2" ] || [ ! -e "$from/$1" ]; then return; fi
  clear .chargehand/taken 2>/dev/null
  if mkdir -p .chargehand "$(dirname -- "$2")" && ${copy} "$from/$1" .chargehand/taken && mv -- .chargehand/taken "$2"
  then say "$2 comes from the cache"
  else
    clear .chargehand/taken 2>/dev/null
    say "the cache of $2 is of no use, and is left out"
  fi
  rmdir .chargehand 2>/dev/null
}
keep() {
  if [ -L "$2" ] || [ ! -e "$2" ]; then say "$2 is not there, and is not cached"; return; fi
  size=$(du -sk -- "$2" | cut -f1)
  if [ "\${size:-0}" -gt "$left" ]; then
    say "$2 takes \${size} KiB, and cache_limit leaves $left: it is not cached"
  elif ${copy} "$2" "$beside/$1"; then
    left=$((left - \${size:-0}))
  else
    clear "$beside/$1" 2>/dev/null
    say "$2 could not be cached"
  fi
}
${each("take")}
timeout -k ${KILL_AFTER_S} "$limit" /bin/sh -c "$5" chargehand-setup || exit
[ -n "$beside" ] || exit 0
${each("keep")}
exit 0`;
}

/** One after the other, each a shell of its own; the first that fails ends them. */
function commands(run: readonly string[]): string {
  return `step() {
  printf '$ %s\\n' "$1"
  /bin/sh -c "$1"
  status=$?
  [ "$status" -eq 0 ] && return
  printf 'set-up: ended with exit code %s: %s\\n' "$status" "$1"
  exit 3
}
${run.map((command) => `step ${quote(command)}`).join("\n")}`;
}

/**
 * U4, outside the walls, where nobody can write any more. Of earlier caches the last one stays, because another task
 * may be taking from it. What fails here is in the log, and the cache is what it was.
 */
function saving({ beside, store, name }: SavePlan): string {
  return `(
  PATH=/usr/bin:/bin:$PATH
  store=${quote(store)} beside=${quote(beside)} name=${quote(name)}
  [ -n "$(ls -A "$beside")" ] || exit
  exec 7>"$store/lock" && flock -w 60 7 || exit
  old=$(readlink "$store/current")
  rm -f "$store/next"
  mv -- "$beside" "$store/$name" && ln -s "$name" "$store/next" && mv -fT "$store/next" "$store/current" || exit
  for one in "$store"/*; do
    case "\${one##*/}" in
      current | lock | "$name" | "$old") ;;
      *) chmod -R u+rwX -- "$one"; rm -rf -- "$one" ;;
    esac
  done
) </dev/null >>"$directory/${SETUP_LOG}" 2>&1 8>&-
[ ! -e ${quote(beside)} ] || { chmod -R u+rwX ${quote(beside)}; rm -rf ${quote(beside)}; } 2>/dev/null`;
}
