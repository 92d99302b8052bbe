/** Everything has a limit. All of them, with unit and reason. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const KIB = 1_024;
const MIB = 1_024 * KIB;

/** How long TERM is given before KILL (DESIGN §5, tier 3). */
export const STOP_GRACE_MS: number = 10 * SECOND;
/** A process that lingers after its terminal event is ended after this. */
export const LINGER_MS: number = 30 * SECOND;
/** Silence after which a run counts as stalled: 5 min killed real work elsewhere, so half an hour … */
export const SILENCE_MS: number = 30 * MINUTE;
/** … and two hours while a tool call is open, because builds and test suites print nothing. */
export const SILENCE_IN_TOOL_MS: number = 120 * MINUTE;

/** A tool result may hold a whole file; beyond this the line is cut and marked, the run goes on. */
export const LINE_BYTES_MAX: number = 4 * MIB;
/** Bytes of a log read in one go, so that a flood cannot fill the memory. */
export const READ_BYTES_MAX: number = 1 * MIB;

/** Tries for faults that are the service's; with 10 min cap this is about an hour of patience. */
export const TRANSIENTS_MAX = 10;
/** Runs of one job that may vanish, so that a crash loop ends. */
export const INTERRUPTIONS_MAX = 5;

/** Restarts of one task within {@link BREAKER_WINDOW_MS}; more is a loop between two robots. */
export const BREAKER_RETRIES_MAX = 20;
export const BREAKER_WINDOW_MS: number = 10 * MINUTE;

/** What a title or a body may take up; the rest is cut and marked. */
export const TITLE_CHARS_MAX = 512;
export const BODY_CHARS_MAX: number = 64 * KIB;
/** A reason is a sentence for people, not a log. */
export const REASON_CHARS_MAX = 2_000;
export const SUMMARY_CHARS_MAX: number = 8 * KIB;

/** Times a decision is taken again because somebody else changed the task meanwhile. */
export const DECIDE_TRIES_MAX = 50;
/** How far a task number walks forward past taken ones; beyond that it continues behind the highest. */
export const NUMBER_WALK_MAX = 1_000;
