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

/** What a project's set-up is given where it names nothing: a cold install of a large project takes ten minutes. */
export const SETUP_MS: number = 15 * MINUTE;
/** Beyond its time limit, for giving caches on: gigabytes are copied there. */
export const SETUP_SLACK_MS: number = 15 * MINUTE;
/** One copy of a cache. */
export const CACHE_COPY_MS: number = 5 * MINUTE;
/** Of a failed set-up's output, what its reason looks at. */
export const SETUP_TAIL_BYTES: number = 4 * KIB;

/** A single git command: a first clone of a large repository takes its time. */
export const GIT_COMMAND_MS: number = 30 * MINUTE;
/** A git command that asks nobody and moves no history: minutes would be a git that hangs. */
export const GIT_READ_MS: number = 60 * SECOND;
/** Gathering what one run left, by the clock and by what each of its processes computes: more is no work to be had. */
export const GATHER_MS: number = 15 * MINUTE;
export const GATHER_CPU_MS: number = 10 * MINUTE;
/** New objects of one task, packed: what is larger is no source code. */
export const PACK_BYTES_MAX: number = 2 * 1_024 * 1_024 * 1_024;
/** A file that an agent did not commit itself and that is larger is left out, and told. Forges refuse 100 MB. */
export const LEFTOVER_FILE_BYTES_MAX: number = 256 * 1_024 * 1_024;
/** Between two tries to publish. A remote that is down comes back; running the agent again costs more than an hour. */
export const PUBLISH_PAUSES_MS: readonly number[] = [5, 30, 120, 300, 600, 900, 1_800].map((s) => s * SECOND);
/** Runs that are published to one remote at once. */
export const PUBLISHED_AT_ONCE = 4;

/** Span over which it is judged whether a program runs in circles. */
export const LOOP_WINDOW_MS: number = 1 * MINUTE;
/**
 * Calls, retries and errors within the window that bring nothing new. A call of a model takes seconds, so no honest
 * program makes one a second; programs that met broken answers made 110 and 540 a minute.
 */
export const LOOP_EVENTS_MAX = 60;
/**
 * Tool calls within the window that only repeat a call with its result. Ten a second are noticed after six seconds; a
 * loop that polls once a minute, or every few seconds, is far below.
 */
export const REPEATS_MAX = 60;
/** Their share of all calls in the window: between new ones an agent may look at the same thing often. */
export const REPEAT_SHARE_MIN = 0.9;
/** So many in a row, without one that was new, are a loop at a model's own pace, and each of them costs money … */
export const REPEATS_IN_ROW_MAX = 200;
/** … unless it is slower than this in the window: then it waits for something, and sleeps in between. */
export const REPEATS_PACE_MIN = 10;
/** Bytes of log within the window: a program that prints every token and every line of its tools writes a tenth. */
export const FLOOD_BYTES_MAX: number = 256 * MIB;
/** Bytes of all logs of a run, so that one run cannot fill a disk slowly either. */
export const LOG_BYTES_MAX: number = 2_048 * MIB;

/** A tool result may hold a whole file; beyond this the line is cut and marked, the run goes on. */
export const LINE_BYTES_MAX: number = 4 * MIB;
/** Bytes of a log read in one go, so that a flood cannot fill the memory. */
export const READ_BYTES_MAX: number = 1 * MIB;

/** How long before kept work goes its task is told. */
export const NOTICE_OF_KEPT_MS: number = 3 * 24 * 60 * MINUTE;
/** Kept works of one task that a decision or an answer looks at, newest first. */
export const KEPT_LOOKED_AT_MAX = 500;

/** Of a program's own record of a session the end is read: an hour of work is far below this. */
export const SESSION_BYTES_MAX: number = 16 * MIB;
/** Folders that are looked through for it; some programs make one a day, others one per worktree. */
export const SESSION_FOLDERS_MAX = 2_000;

/** Tokens of one kind and model in one run; a figure above it is a mistake of the program that printed it. */
export const TOKENS_MAX = 1_000_000_000_000;
/** Cost of one model in one run, in nano-dollars: a hundred thousand dollars. Above it nobody knows the price. */
export const COST_NANOS_MAX = 100_000_000_000_000;
/** Rows of usage of one run; what further models used is one row. Programs use three models, or five. */
export const MODELS_MAX = 64;
/** Rows of turns of one run, the newest; and how many of them one report tells. */
export const TURNS_MAX = 5_000;
export const TURNS_PER_REPORT_MAX = 1_000;
/** Turns of one session before the next phase begins a fresh one, where the workflow says nothing. */
export const SESSION_TURNS_MAX = 400;
/** What a program tells of a turn: the last moment that can be shown, and a day, which no call takes. */
export const MOMENT_MS_MAX = 253_402_300_799_999;
export const LATENCY_MS_MAX: number = 24 * 60 * MINUTE;
/** Different tools whose calls are counted in one run; calls of further ones are counted together. */
export const TOOLS_MAX = 64;
/** Of the name of a tool, in characters. */
export const TOOL_CHARS_MAX = 100;
/** Of a model's name; a session with a longer one is not continued. */
export const NAME_CHARS_MAX = 200;
/** Where a sum over runs stops to grow, in nano-dollars or tokens: what runs add in between stays an exact number. */
export const SPEND_MAX = 8_000_000_000_000_000;

/** Tries for faults that are the service's; with 10 min cap this is about an hour of patience. */
export const TRANSIENTS_MAX = 10;
/** Runs of one job whose artifact may be refused: one is told what was wrong, and mends it. */
export const REPAIRS_MAX = 2;
/** Runs of one job that may vanish, so that a crash loop ends. */
export const INTERRUPTIONS_MAX = 5;

/**
 * How long an account is parked at most on the word of one task alone, at first and after some times in a row. A task's
 * program prints what its agent may have forged; and a real limit that is asked after too early costs one refused call.
 */
export const LONE_LIMIT_MS: number = 30 * MINUTE;
export const LONE_LIMIT_MAX_MS: number = 300 * MINUTE;
/** For so long after that, other tasks go first: one that keeps an account closed must not be its only probe. */
export const OTHERS_FIRST_MS: number = 1 * MINUTE;
/** Usage limits in a row, each right after a reset, before a person is told instead of trying again. */
export const REARMS_MAX = 5;
/** What a cache read counts in a budget of tokens; it is that much cheaper, and comes by the million. */
export const TOKEN_WEIGHT_OF_CACHE_READ = 0.1;
/** Lifetime caps of a task where the configuration names none: far above honest work, far below a loop's night. */
export const TASK_RUNS_MAX = 40;
export const TASK_TOKENS_MAX = 100_000_000;

/** A slot that is no later than this is on time: so long may a restart, or a machine that is busy, take. */
export const SLOT_GRACE_MS: number = 5 * MINUTE;
/** Missed slots that are looked at one by one, newest first; what is older is passed over as a whole. */
export const MISSED_SLOTS_MAX = 100;
/** Tasks of one schedule that may wait for their turn; a project that is closed for long must not collect more. */
export const RECURRING_UNFINISHED_MAX = 100;
/** Slots of one schedule that stay on record. */
export const SLOTS_KEPT = 1_000;

/** Restarts of one task within {@link BREAKER_WINDOW_MS}; more is a loop between two robots. */
export const BREAKER_RETRIES_MAX = 20;
export const BREAKER_WINDOW_MS: number = 10 * MINUTE;

/** What a title or a body may take up; the rest is cut and marked. */
export const TITLE_CHARS_MAX = 512;
export const BODY_CHARS_MAX: number = 64 * KIB;
/** Of a title in a commit's subject, in characters. */
export const SUBJECT_CHARS_MAX = 100;
/** Of all text from outside in a prompt, as UTF-8: with all else in it, it still fits into one argument of 128 KiB. */
export const OUTSIDE_BYTES_MAX: number = 96 * KIB;
/** What is shown of a prompt; what it is made of has bounds of its own, far below. */
export const PROMPT_BYTES_MAX: number = 1 * MIB;
/** A reason is a sentence for people, not a log. */
export const REASON_CHARS_MAX = 2_000;
export const SUMMARY_CHARS_MAX: number = 8 * KIB;
/** Sentences on what was not as usual in one run's work; more is no reading for a person. */
export const TOLD_SENTENCES_MAX = 50;

/** Times a decision is taken again because somebody else changed the task meanwhile. */
export const DECIDE_TRIES_MAX = 50;
/** How far a task number walks forward past taken ones; beyond that it continues behind the highest. */
export const NUMBER_WALK_MAX = 1_000;

/** Memory that all bodies may take together while nobody has vouched for them. */
export const BODIES_BYTES_MAX: number = 64 * MIB;
/** A body may take so long in any case, and a second more for so many bytes: forges give up after 5 to 30 s. */
export const BODY_PATIENCE_MS: number = 10 * SECOND;
export const BODY_BYTES_PER_SECOND_MIN: number = 64 * KIB;
/** How often bodies are looked at that do not come. */
export const BODY_LOOK_MS: number = 1 * SECOND;
/** The head of a request, and a whole request, must be there after this. */
export const HEAD_MS: number = 10 * SECOND;
export const REQUEST_MS: number = 2 * MINUTE;
/** How often requests are looked at that are not whole. */
export const REQUEST_LOOK_MS: number = 2 * SECOND;
/** Connections of the webhook listener: each takes up to 25 KiB. All that wait in the kernel's queue fit in at once. */
export const CONNECTIONS_MAX = 1_024;
/** Connections of the admin side: people, their scripts, and running agents. */
export const ADMIN_CONNECTIONS_MAX = 256;
/** Between two lines of the log about connections that were given up. */
export const CROWD_TOLD_MS: number = 10 * SECOND;
/** Deliveries, and bytes of them, that may wait for one commit. */
export const GROUP_DELIVERIES_MAX = 2_048;
export const GROUP_BYTES_MAX: number = 128 * MIB;

/** Deliveries handled before the event loop is given back to those who send new ones. */
export const INBOX_TURN_DELIVERIES = 8;
/** Its rest between two turns while senders wait for answers. */
export const INBOX_PAUSE_MS = 10;
/** Facts looked up for one delivery; more means that decoding goes round in circles. */
export const LOOKUPS_MAX = 16;
/** How far away a time may be that a request names: beyond a year it is a slip. */
export const MOMENT_AHEAD_MAX_MS: number = 366 * 24 * 60 * MINUTE;
/** A delivery that cannot be checked is tried again for this long, and then failed. */
export const LOOKUP_PATIENCE_MS: number = 24 * 60 * MINUTE;
/** First and longest wait before a delivery that had to be put off is looked at again. */
export const DEFER_BASE_MS: number = 1 * SECOND;
export const DEFER_CAP_MS: number = 5 * MINUTE;
/** How often a delivery looks whether the earlier one about the same thing is over. */
export const BEHIND_MS: number = 2 * SECOND;
/** The inbox looks by itself this often, in case a bell was not heard. */
export const INBOX_POLL_MS: number = 5 * SECOND;

/** Whoever presses a button in a chat hears of it by then, stored or not: chats show an error after 3 s … */
export const CHAT_PRESS_MS: number = 2 * SECOND;
/** … and for so long it is still tried to store it. */
export const CHAT_LATE_MS: number = 1 * MINUTE;
/** Of one update; chats bound what people write far below. */
export const CHAT_UPDATE_BYTES_MAX: number = 1 * MIB;
/** For so long a button stops everything; whoever presses an older one by mistake, or again, is asked anew. */
export const CHAT_SURE_MS: number = 2 * MINUTE;
/** Strangers of one account who are told so in one day: more is a crowd, and answers to it would hide the rest. */
export const STRANGERS_TOLD_MAX = 20;
/** How long a chat may be linked by its code, and how many wrong ones end that. */
export const LINK_MS: number = 10 * MINUTE;
export const LINK_TRIES_MAX = 5;

/** Of what an earlier phase left behind, in a prompt; all of it is kept. */
export const INPUT_BYTES_MAX: number = 64 * KIB;
/** Of what one person said at once, in a prompt. */
export const FEEDBACK_BYTES_MAX: number = 16 * KIB;
/** Of all that people said, in one prompt; what has no room there is told to the next run. */
export const FEEDBACK_TOGETHER_BYTES_MAX: number = 48 * KIB;
/** Of what went wrong in a run, as the next one is told it. */
export const TROUBLE_CHARS_MAX: number = 8 * KIB;
/** The same in a prompt, as UTF-8. */
export const TROUBLE_BYTES_MAX: number = 3 * TROUBLE_CHARS_MAX;
/** Of one value that a template prints. */
export const VALUE_CHARS_MAX: number = 4 * KIB;
/** Checks of CI that are known of one commit. */
export const CI_CHECKS_MAX = 300;

/** Remarks of one review that are told, and answered. */
export const REMARKS_MAX = 50;
/** Files that an agent is told of which do not fit the base any more. */
export const PATHS_TOLD_MAX = 50;
/** How often a base that moves on meanwhile is met again before others go first. */
export const MERGE_ROUNDS_MAX = 3;

/** Phases of a workflow: more is a programme, and a task walks through each of them. */
export const PHASES_MAX = 50;

/** Of one answer to an agent's question. */
export const ANSWER_CHARS_MAX: number = 16 * KIB;
/** Of the answers to one question, in a prompt. */
export const ANSWERS_BYTES_MAX: number = 32 * KIB;
/** Questions whose answers a prompt tells, the newest ones. */
export const QUESTIONS_TOLD_MAX = 20;
/** Questions of one task: more is an agent that has its work done by people. */
export const QUESTIONS_MAX = 50;
/** Runs of one job after which it is not run again for what people have said meanwhile. */
export const HEARINGS_MAX = 20;
/** A task of which nothing goes on for so long is stuck; what follows from an end is written within moments. */
export const STUCK_GRACE_MS: number = 5 * MINUTE;
