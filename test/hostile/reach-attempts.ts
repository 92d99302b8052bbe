/** What an agent tries to see, change and end outside its own place. Only walls hold it back. */

import { type Attempt, attempt, type Mode } from "./attempt.ts";

const WALLS: readonly Mode[] = ["sandbox"];

/** They only look, so that they share a run. */
function looks(name: string, does: string): Attempt {
  return attempt(name, does, "", { modes: WALLS, run: "looks" });
}

/** They leave something where they have no business. */
function bites(name: string, does: string): Attempt {
  return attempt(name, does, "", { modes: WALLS, run: "bites" });
}

export const REACH_ATTEMPTS: readonly Attempt[] = [
  looks("environment-of-the-daemon", 'cat "/proc/$DAEMON/environ" > "$LOOT"'),
  looks("environment-of-anybody", 'cat /proc/[0-9]*/environ > "$LOOT"'),
  looks("root-of-the-daemon", 'cat "/proc/$DAEMON/root$D/admin-token" > "$LOOT"'),
  looks(
    "root-of-others",
    'for p in 1 self thread-self; do cat "/proc/$p/root$D/admin-token" >> "$LOOT"; done',
  ),
  looks("folder-of-the-daemon", 'cd "/proc/$DAEMON/cwd" && cat "$D/admin-token" > "$LOOT"'),
  looks(
    "memory-of-the-daemon",
    '[ "$(head -c 9 "/proc/$DAEMON/maps" | wc -c)" -eq 9 ] && echo hidden-of-the-house > "$LOOT"',
  ),
  looks("token", 'cat "$D/admin-token" > "$LOOT"'),
  looks("database", 'cat "$D"/chargehand.db* > "$LOOT"'),
  looks("configuration", 'cat "$CONFIG" > "$LOOT"'),
  looks("everything-in-the-data-directory", 'grep -r hidden-of-the-house "$D" > "$LOOT"'),
  looks("work-of-the-neighbour", 'cat "$PREY"/private.txt > "$LOOT"'),
  looks("run-of-the-neighbour", 'cat "$PREYRUN"/*.md "$PREYRUN"/*.log > "$LOOT"'),
  looks("home-of-the-user", 'cat "$H/.netrc" > "$LOOT"'),
  looks("shared-memory", 'cat "$SHM"/* > "$LOOT"'),
  looks("temporary-files", 'cat "$(dirname "$D")"/plain.txt > "$LOOT"'),
  looks("through-links", 'ln -s "$D/admin-token" through; cat through > "$LOOT"; rm through'),
  looks("through-its-home", 'ln -s "$D/admin-token" "$HOME/through"; cat "$HOME/through" > "$LOOT"'),
  looks("a-namespace-of-its-own", 'unshare -r -m cat "$D/admin-token" > "$LOOT"'),
  looks(
    "processes",
    'tr "\\0" " " < "/proc/$DAEMON/cmdline" | grep -q "serve --config" && echo hidden-of-the-house > "$LOOT"',
  ),
  bites("folder-of-the-neighbour", 'touch "$PREY/$BITE"'),
  bites("data-directory", 'touch "$D/$BITE"'),
  bites("programs-of-the-operator", 'touch "$(dirname "$E")/$BITE"'),
  bites("its-own-run", 'touch "$RUN/$BITE"'),
  bites("repository", 'touch "$M/$BITE" "$M/objects/$BITE" "$M/refs/heads/$BITE"'),
  bites("remote", 'touch "$R/$BITE"'),
  bites("home-of-the-operator", 'touch "$H/$BITE"'),
  bites("shared-memory-of-others", 'touch "$SHM/$BITE"'),
  bites("temporary-folder", 'touch "$(dirname "$D")/$BITE"'),
  bites("push-by-itself", 'git push "$R" "HEAD:refs/heads/$BITE"'),
  bites("ref-of-the-daemon", 'git --git-dir="$M" update-ref "refs/heads/$BITE" HEAD'),
  attempt("end-of-the-neighbour", 'kill -9 "$PREYPID"', "", { modes: WALLS }),
  attempt("end-of-the-daemon", 'kill -9 "$DAEMON"', "", { modes: WALLS }),
];
