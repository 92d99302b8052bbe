/**
 * Where the tests of a source file stand: in its namesake below `test/`, as `agents/exit.ts` in
 * `test/agents/exit.test.ts`; those of a noun of the store in the conformance suite, which runs on every engine. A file
 * that exports no function (types, a table) needs none.
 *
 * What is proved elsewhere says where and why. The list may only shrink: an entry that has got its namesake, or names
 * a test that is not there, fails.
 */

/** Rooms whose tests have not been put in order yet. */
export const PENDING: readonly string[] = [];

interface Elsewhere {
  /** Files, or folders with a `/` at the end. */
  readonly by: readonly string[];
  readonly because: string;
}

const CONFORMANCE = ["test/conformance/"];
const VIEW = "a view is what the routes of its noun answer";
const VERBS = "each of its verbs is led through by a test of the noun or the commit that it belongs to";
const ANSWERS = "it says of each answer what its commands need, and they are tested with answers";
const WIRING = "it hands parts to one another; that they are the right ones is seen in the daemon as it runs";

const METRICS = "it makes a part of one page, and the page is read";
const WEBHOOK = "both commands begin with the same file, and are led through it together";
const LANE = "it is a step of a lane, which is led through every end of a call";
const CARD = "it is a part of a card, and the cards of all states are golden";

const LOOK = "what a check finds is seen on a machine where things are right and wrong";
const SETUP = "what is found out, asked and written is seen in the configuration that comes of it";

/** By file, or by a folder with a `/` at the end. */
export const ELSEWHERE: Readonly<Record<string, Elsewhere>> = {
  ...Object.fromEntries(
    ["forge", "people", "report", "scene", "sights", "story"].map((name) => [
      `cli/demo/forge/${name}.ts`,
      {
        by: ["test/cli/demo/forge/run.test.ts"],
        because: "it is a part of the demo, which is played to its end",
      },
    ]),
  ),
  "handlers/github/check-events.ts": {
    by: ["test/handlers/github/checks.test.ts"],
    because: "what an event of CI says is seen by what becomes of the gate",
  },
  "handlers/github/comments.ts": {
    by: ["test/handlers/github/events.test.ts", "test/handlers/github/pulls.test.ts"],
    because: "a comment is an event like the others, at an issue or at a pull request",
  },
  "handlers/github/facts.ts": {
    by: ["test/handlers/github/checks.test.ts", "test/handlers/github/pulls.test.ts"],
    because: "what is looked up is seen by which task an event is of",
  },
  "handlers/facts/looking.ts": {
    by: ["test/handlers/facts/whole.test.ts", "test/handlers/facts/images.test.ts"],
    because: "whom the project trusts is seen by what is told of what they have put there",
  },
  "daemon/run/told/known.ts": {
    by: ["test/daemon/run/prepare.test.ts"],
    because: "what a run knows is seen in its prompt",
  },
  "handlers/facts/first.ts": {
    by: ["test/handlers/facts/whole.test.ts", "test/handlers/facts/closing.test.ts"],
    because: "what is looked up first is seen by what becomes of the wish",
  },
  "store/outside/context.ts": {
    by: ["test/handlers/facts/whole.test.ts"],
    because: "what was read is kept with the task that begins",
  },
  "workflow/outside/context.ts": {
    by: ["test/handlers/facts/whole.test.ts", "test/workflow/phases/prompt.test.ts"],
    because: "it is a shape and its bounds, seen where it is read and told",
  },
  "store/outside/loops.ts": {
    by: ["test/handlers/guard/breaker.test.ts"],
    because: "what the breaker has counted is read again by the next daemon",
  },
  "store/outside/revisions.ts": {
    by: ["test/workflow/decide/said/edit-task.test.ts"],
    because: "what a task was is kept when somebody changes it",
  },
  "workflow/decide/on-the-way.ts": {
    by: ["test/workflow/decide/finish-phase.test.ts", "test/workflow/decide/retry-task.test.ts"],
    because: "what keeps a task on its way is seen where it goes on",
  },
  "workflow/decide/said/tell.ts": {
    by: ["test/workflow/decide/said/say.test.ts", "test/workflow/decide/start-task.test.ts"],
    because: "what was said is seen with who says it",
  },
  "handlers/api/metrics/count.ts": { by: ["test/handlers/api/metrics/metrics.test.ts"], because: METRICS },
  "handlers/api/metrics/gauge.ts": { by: ["test/handlers/api/metrics/metrics.test.ts"], because: METRICS },
  "handlers/api/metrics/library.ts": { by: ["test/handlers/api/metrics/metrics.test.ts"], because: METRICS },
  "handlers/api/metrics/registry.ts": { by: ["test/handlers/api/metrics/metrics.test.ts"], because: METRICS },
  "cli/webhook/asked.ts": {
    by: ["test/e2e/told.test.ts"],
    because: "a real daemon is asked, or there is none",
  },
  "cli/webhook/chosen.ts": { by: ["test/cli/commands/webhook/webhook.test.ts"], because: WEBHOOK },
  "cli/webhook/trial.ts": { by: ["test/cli/commands/webhook/webhook.test.ts"], because: WEBHOOK },
  "cli/commands/webhook/test.ts": { by: ["test/cli/commands/webhook/webhook.test.ts"], because: WEBHOOK },
  "cli/commands/webhook/send.ts": { by: ["test/cli/commands/webhook/webhook.test.ts"], because: WEBHOOK },
  "cli/commands/shell/completion.ts": {
    by: ["test/cli/shell/bash.test.ts", "test/cli/shell/zsh.test.ts", "test/cli/shell/fish.test.ts"],
    because: "what it prints is given to shells",
  },
  "store/inbox/due.ts": { by: ["test/conformance/deliveries.ts"], because: VERBS },
  "store/told/digest.ts": { by: ["test/conformance/"], because: VERBS },
  "store/between/follow.ts": { by: ["test/conformance/"], because: VERBS },
  "workflow/decide/routes.ts": {
    by: ["test/workflow/decide/flow.test.ts", "test/workflow/decide/walks.test.ts"],
    because: "what a verdict means is seen by where the task goes",
  },
  "workflow/decide/gates/open-gate.ts": {
    by: ["test/workflow/decide/gates/report-ci.test.ts", "test/workflow/decide/flow.test.ts"],
    because: "a gate is opened by a run that ends, and what it asks for is seen in what settles it",
  },
  "workflow/decide/gates/settle-gate.ts": {
    by: ["test/workflow/decide/gates/report-ci.test.ts", "test/workflow/decide/walks.test.ts"],
    because: "parts of a gate are settled by what people and CI say",
  },
  "store/chat/": {
    by: ["test/conformance/chat.ts", "test/world/chat/chat.test.ts"],
    because: "chats, cards and messages are one ledger, and both engines are led through it together",
  },
  "store/watch/": { by: ["test/conformance/watch.ts"], because: VERBS },
  "reconciler/": {
    by: ["test/reconciler/loop.test.ts", "test/reconciler/github/", "test/reconciler/plane/"],
    because:
      "what is found out is seen in what becomes of it, against servers that are as strict as their documents",
  },
  "reconciler/github/": {
    by: ["test/reconciler/loop.test.ts", "test/reconciler/github/"],
    because:
      "what is found out is seen in what becomes of it, against a server that is as strict as its documents",
  },
  "reconciler/plane/": {
    by: ["test/reconciler/plane/items.test.ts"],
    because:
      "what is found out is seen in what becomes of it, against a server that is as strict as its documents",
  },
  "forges/github/history.ts": {
    by: ["test/reconciler/loop.test.ts", "test/reconciler/github/keys.test.ts"],
    because: "who has done what is asked by the reconciler alone, and seen in whom it trusts",
  },
  "forges/plane/history.ts": {
    by: ["test/reconciler/plane/items.test.ts"],
    because: "who has done what is asked by the reconciler alone, and seen in whom it trusts",
  },
  "handlers/kit.ts": {
    by: ["test/daemon/config/parts/sources.test.ts"],
    because: "what is wrong with a source is told where the configuration is read",
  },
  "handlers/github/config.ts": {
    by: ["test/daemon/config/parts/sources.test.ts", "test/daemon/wiring/sources.test.ts"],
    because:
      "what is wrong with a source is told where it is read, and its accounts are met where it is connected",
  },
  "handlers/api/views/watched.ts": { by: ["test/handlers/api/status.test.ts"], because: VIEW },
  "handlers/guard/heard.ts": {
    by: ["test/reconciler/loop.test.ts", "test/conformance/watch.ts"],
    because: "that a change is heard once is seen where two tell of it",
  },
  "store/outside/": { by: ["test/conformance/outside.ts"], because: VERBS },
  "store/told/explanation.ts": {
    by: ["test/handlers/api/explain.test.ts", "test/notifier/cards/model.test.ts"],
    because: "it gathers what is explained, and that is seen in what people are told",
  },
  "notifier/outside/asked.ts": {
    by: ["test/notifier/outside/comment.test.ts"],
    because: "it is a part of the comment, and the comments of all states are golden",
  },
  "daemon/outside/outside.ts": { by: ["test/e2e/outside.test.ts"], because: WIRING },
  "notifier/cards/ends.ts": { by: ["test/notifier/cards/lane.test.ts"], because: LANE },
  "notifier/cards/look.ts": { by: ["test/notifier/cards/lane.test.ts"], because: LANE },
  "notifier/cards/rests.ts": { by: ["test/notifier/cards/lane.test.ts"], because: LANE },
  "notifier/cards/facts.ts": { by: ["test/notifier/cards/model.test.ts"], because: CARD },
  "notifier/cards/pen.ts": { by: ["test/notifier/cards/model.test.ts"], because: CARD },
  "notifier/cards/phases.ts": { by: ["test/notifier/cards/model.test.ts"], because: CARD },
  "notifier/cards/state.ts": { by: ["test/notifier/cards/model.test.ts"], because: CARD },
  "notifier/cards/loop.ts": {
    by: ["test/world/chat/chat.test.ts"],
    because: "it starts lanes and goes on after a crash, which a world of crashing daemons shows",
  },
  "daemon/config/parts/notify-kinds.ts": {
    by: ["test/daemon/config/parts/notify.test.ts"],
    because: "whose keys are whose is seen in the entries that are refused",
  },
  "chats/channels.ts": {
    by: ["test/daemon/config/parts/notify.test.ts"],
    because: "all kinds are there where an entry of each is read",
  },
  "workflow/phases/pull.ts": {
    by: ["test/workflow/decide/pulls/pull-changed.test.ts", "test/notifier/pulls/tell.test.ts"],
    because: "its machine is held by the test of all machines, and its names are seen where they are used",
  },
  "workflow/decide/said/take-over.ts": {
    by: ["test/workflow/decide/pulls/pull-changed.test.ts"],
    because: "what an agent is told is seen in what is said to its task",
  },
  "notifier/pulls/facts.ts": {
    by: ["test/notifier/pulls/tell.test.ts"],
    because: "it gathers what is drawn",
  },
  "notifier/pulls/faces.ts": {
    by: ["test/notifier/pulls/tell.test.ts"],
    because: "what is wished for is seen in what comes to stand at the forge",
  },
  "store/phases/ci.ts": { by: ["test/conformance/phases.ts"], because: VERBS },
  "store/phases/merges.ts": { by: ["test/conformance/phases.ts"], because: VERBS },
  "agents/claude/usage.ts": {
    by: ["test/agents/claude/recorded.test.ts", "test/agents/claude/session.test.ts"],
    because: "its figures are those of every recorded run, in the output and in the record of the session",
  },
  "agents/mcp-file.ts": {
    by: ["test/agents/claude/claude.test.ts", "test/agents/qwen/qwen.test.ts"],
    because: "the file is what the programs that read it are given",
  },
  "agents/supervision/checkpoint.ts": {
    by: ["test/agents/supervision/supervise.test.ts"],
    because: "what is stored of a run is what a next supervisor goes on from",
  },
  "agents/supervision/run-folder.ts": {
    by: ["test/agents/supervision/ending.test.ts", "test/daemon/run/prepare.test.ts"],
    because: "where a file of a run lies is seen by who writes it there and who reads it",
  },
  "agents/supervision/watch.ts": {
    by: ["test/agents/supervision/supervise.test.ts", "test/agents/supervision/stop.test.ts"],
    because: "what ends a supervisor's waiting is seen by what the supervisor does then",
  },
  "agents/terminal.ts": { by: ["test/agents/exit.test.ts"], because: "a failure is seen where it is judged" },
  "cli/answers/answers.ts": {
    by: ["test/cli/commands/status.test.ts", "test/cli/program.test.ts"],
    because: ANSWERS,
  },
  "cli/answers/schedules.ts": { by: ["test/cli/commands/schedules/"], because: ANSWERS },
  "cli/client.ts": {
    by: ["test/cli/find.test.ts", "test/cli/outcome.test.ts", "test/cli/program.test.ts"],
    because: "each way of not getting an answer is seen by what the command says then",
  },
  "cli/commands/database/backup.ts": {
    by: ["test/e2e/backup.test.ts"],
    because: "it is tried on the database of a daemon at work",
  },
  "cli/commands/demo.ts": {
    by: ["test/cli/demo/run.test.ts", "test/package.test.ts"],
    because: "it hands its options to the demo",
  },
  "cli/commands/database/migrate.ts": {
    by: ["test/e2e/start.test.ts"],
    because: "it is tried on real data directories, beside the daemon that uses them",
  },
  "cli/commands/database/restore.ts": {
    by: ["test/e2e/backup.test.ts", "test/daemon/restore.test.ts"],
    because: "it is tried on a real data directory, and tells what was done there",
  },
  "cli/commands/schedules/named.ts": {
    by: ["test/cli/commands/schedules/edit.test.ts"],
    because: "what it names is asked for by every command of schedules",
  },
  "cli/commands/schedules/run.ts": {
    by: ["test/cli/commands/schedules/recurring.test.ts"],
    because: "it is of recurring tasks alone",
  },
  "cli/commands/schedules/schedules.ts": {
    by: ["test/cli/commands/schedules/", "test/cli/help.test.ts"],
    because: "it puts the commands together, and each of them has its test",
  },
  "cli/commands/schedules/window-text.ts": {
    by: ["test/cli/commands/schedules/list.test.ts", "test/cli/commands/schedules/show.test.ts"],
    because: "it is what the commands show",
  },
  "cli/commands/workflow/": {
    by: [
      "test/cli/commands/workflow/check.test.ts",
      "test/cli/commands/workflow/show.test.ts",
      "test/cli/help.test.ts",
    ],
    because: "what a command names, says and draws is seen in what it prints",
  },
  "cli/demo/scene.ts": {
    by: ["test/cli/demo/run.test.ts", "test/package.test.ts"],
    because: "the demo plays on it",
  },
  "cli/demo/keeping.ts": {
    by: ["test/cli/demo/run.test.ts"],
    because: "that a demo stays, and what it tells then, is seen in one that does",
  },
  "cli/demo/pipeline/report.ts": {
    by: ["test/cli/demo/pipeline/run.test.ts"],
    because: "it is the document that the demo prints",
  },
  "cli/demo/pipeline/terminal.ts": {
    by: ["test/cli/demo/pipeline/people.test.ts", "test/cli/demo/pipeline/run.test.ts"],
    because: "people of the demo are heard by it",
  },
  "cli/demo/pipeline/scene.ts": {
    by: ["test/cli/demo/pipeline/run.test.ts"],
    because: "the demo plays on it",
  },
  ...Object.fromEntries(
    ["api", "control", "json", "keyboard", "methods", "model", "people", "refusal", "updates", "world"].map(
      (name) => [
        `cli/stage/fake-telegram/${name}.ts`,
        {
          by: ["test/cli/stage/fake-telegram/start.test.ts", "test/chats/telegram/chat.test.ts"],
          because: "a proof server is what its callers meet, over HTTP",
        },
      ],
    ),
  ),
  ...Object.fromEntries(
    ["acts", "git", "graphql", "hands", "hooks", "http", "json", "model", "rest"].map((name) => [
      `cli/stage/fake-github/${name}/`,
      {
        by: ["test/cli/stage/fake-github/start.test.ts", "test/cli/stage/fake-github/access.test.ts"],
        because: "a proof server is what its callers meet, over HTTP",
      },
    ]),
  ),
  ...Object.fromEntries(
    ["control", "refusal", "server", "state"].map((name) => [
      `cli/stage/fake-github/${name}.ts`,
      {
        by: ["test/cli/stage/fake-github/start.test.ts", "test/cli/stage/fake-github/page.test.ts"],
        because: "a proof server is what its callers meet, over HTTP",
      },
    ]),
  ),
  "cli/stage/fake-host/": {
    by: ["test/cli/stage/fake-github/start.test.ts", "test/proof/plane/server.test.ts"],
    because: "it is the frame of proof servers, and is seen in each of them",
  },
  "cli/doctor/answers.ts": { by: ["test/cli/commands/setup/doctor.test.ts"], because: LOOK },
  "cli/doctor/clients.ts": { by: ["test/cli/commands/setup/doctor.test.ts"], because: LOOK },
  "cli/doctor/remote.ts": { by: ["test/cli/commands/setup/doctor.test.ts"], because: LOOK },
  "cli/doctor/say.ts": { by: ["test/cli/commands/setup/doctor.test.ts"], because: LOOK },
  "cli/doctor/checks/agents.ts": { by: ["test/cli/commands/setup/doctor.test.ts"], because: LOOK },
  "cli/doctor/checks/configuration.ts": { by: ["test/cli/commands/setup/doctor.test.ts"], because: LOOK },
  "cli/doctor/checks/git.ts": { by: ["test/cli/commands/setup/doctor.test.ts"], because: LOOK },
  "cli/doctor/checks/machine.ts": { by: ["test/cli/commands/setup/doctor.test.ts"], because: LOOK },
  "cli/doctor/checks/sources.ts": { by: ["test/cli/commands/setup/doctor.test.ts"], because: LOOK },
  "cli/doctor/checks/data.ts": {
    by: ["test/cli/init/start.test.ts", "test/cli/commands/setup/doctor.test.ts"],
    because: LOOK,
  },
  "cli/doctor/checks/daemon.ts": {
    by: ["test/cli/init/start.test.ts", "test/cli/commands/setup/doctor.test.ts"],
    because: LOOK,
  },
  "cli/doctor/finding.ts": {
    by: ["test/cli/doctor/examine.test.ts"],
    because: "findings are made to be told, and are tried where they are",
  },
  "cli/init/detect.ts": { by: ["test/cli/commands/setup/init.test.ts"], because: SETUP },
  "cli/init/interview.ts": { by: ["test/cli/commands/setup/init.test.ts"], because: SETUP },
  "cli/init/questions.ts": { by: ["test/cli/commands/setup/init.test.ts"], because: SETUP },
  "cli/init/set-up.ts": { by: ["test/cli/commands/setup/init.test.ts"], because: SETUP },
  "cli/init/write.ts": { by: ["test/cli/commands/setup/init.test.ts"], because: SETUP },
  "cli/init/plan.ts": { by: ["test/cli/init/text.test.ts"], because: SETUP },
  "cli/init/token.ts": { by: ["test/cli/commands/setup/init.test.ts"], because: SETUP },
  "cli/init/reach.ts": { by: ["test/cli/commands/setup/init.test.ts"], because: SETUP },
  "cli/prompt.ts": {
    by: ["test/cli/commands/setup/init.test.ts"],
    because: "it puts the question that it is given to a terminal; what is asked is tried there",
  },
  "system/process/background.ts": {
    by: ["test/cli/init/start.test.ts"],
    because: "that a program goes on by itself is seen in the one that is left running",
  },
  "cli/stage/place.ts": {
    by: ["test/cli/demo/run.test.ts", "test/cli/commands/workflow/try.test.ts"],
    because: "demos and dry runs stand in it, and leave nothing of it behind",
  },
  "cli/stage/stage.ts": {
    by: ["test/cli/demo/run.test.ts", "test/cli/commands/workflow/try.test.ts"],
    because: "demos and dry runs play on it",
  },
  "cli/stage/walk.ts": {
    by: ["test/cli/demo/pipeline/run.test.ts", "test/cli/commands/workflow/try.test.ts"],
    because: "it is how a task of a demo or a dry run is followed to its end",
  },
  "cli/try/merged.ts": {
    by: ["test/cli/try/example.test.ts"],
    because: "what a schema combines is seen in the artifacts that are made of it",
  },
  "cli/try/outcome.ts": {
    by: ["test/cli/commands/workflow/try.test.ts"],
    because: "it is what the command says at its end",
  },
  "cli/try/run.ts": {
    by: ["test/cli/commands/workflow/try.test.ts"],
    because: "a dry run is a real one, and is tried with real workflows",
  },
  "cli/try/values.ts": {
    by: ["test/cli/try/example.test.ts"],
    because: "values are good where the artifact that they make up is one",
  },
  "cli/tables/job-table.ts": {
    by: ["test/cli/commands/jobs.test.ts"],
    because: "it is what the command shows",
  },
  "cli/tables/pace-table.ts": {
    by: ["test/cli/commands/status.test.ts"],
    because: "it is what the command shows",
  },
  "cli/read.ts": {
    by: ["test/cli/program.test.ts", "test/cli/commands/status.test.ts"],
    because: "it is the way of every command that asks one thing",
  },
  "cli/tables/run-table.ts": {
    by: ["test/cli/commands/runs.test.ts"],
    because: "it is what the command shows",
  },
  "cli/tables/wrong-secret-table.ts": {
    by: ["test/cli/commands/status.test.ts"],
    because: "it is what the command shows",
  },
  "cli/zone.ts": { by: ["test/cli/week.test.ts"], because: "a drawn week is what the clock of a zone shows" },
  "daemon/build.ts": {
    by: ["test/e2e/daemon.test.ts", "test/daemon/config/reload.test.ts"],
    because: "it puts the rooms together, and only a whole daemon shows that they fit",
  },
  "daemon/main.ts": {
    by: ["test/e2e/start.test.ts", "test/e2e/shutdown.test.ts", "test/e2e/shutdown-modes.test.ts"],
    because: "how a process begins and ends is seen from outside it",
  },
  "daemon/run/proof/refused.ts": {
    by: ["test/daemon/run/proof/prove.test.ts", "test/daemon/run/proof/checks.test.ts"],
    because: "what becomes of a run is seen where its work is refused",
  },
  "daemon/wiring/admin.ts": { by: ["test/e2e/daemon.test.ts"], because: WIRING },
  "daemon/chats/made.ts": {
    by: ["test/e2e/chat/changes.test.ts"],
    because: "what a reload makes anew is seen in the whole daemon",
  },
  "daemon/chats/shown.ts": { by: ["test/e2e/chat/changes.test.ts"], because: "`status` is asked there" },
  "daemon/wiring/chats.ts": { by: ["test/e2e/chat/"], because: WIRING },
  "daemon/wiring/gates.ts": { by: ["test/scheduler/gates.test.ts"], because: WIRING },
  "daemon/wiring/ground.ts": { by: ["test/e2e/daemon.test.ts"], because: "it names one directory" },
  "daemon/wiring/inbox.ts": { by: ["test/daemon/config/reload.test.ts"], because: WIRING },
  "daemon/wiring/kept.ts": { by: ["test/e2e/kept.test.ts"], because: WIRING },
  "daemon/wiring/merging.ts": { by: ["test/e2e/merging.test.ts"], because: WIRING },
  "daemon/wiring/pauses.ts": { by: ["test/e2e/pauses.test.ts"], because: WIRING },
  "daemon/wiring/reaper.ts": { by: ["test/world/world.test.ts"], because: WIRING },
  "daemon/wiring/recurring.ts": { by: ["test/e2e/recurring.test.ts"], because: WIRING },
  "daemon/wiring/runner.ts": {
    by: ["test/e2e/daemon.test.ts", "test/e2e/adoption.test.ts"],
    because: WIRING,
  },
  "daemon/wiring/scheduler.ts": { by: ["test/e2e/windows.test.ts"], because: WIRING },
  "daemon/wiring/tidy.ts": { by: ["test/e2e/daemon.test.ts"], because: WIRING },
  "daemon/wiring/upkeep.ts": { by: ["test/e2e/daemon.test.ts"], because: WIRING },
  "daemon/wiring/workflows.ts": { by: ["test/e2e/repository-workflow.test.ts"], because: WIRING },
  "daemon/wiring/watchdog.ts": { by: ["test/systemd/checks.ts"], because: WIRING },
  "daemon/workflows/rules/": {
    by: ["test/daemon/workflows/read.test.ts", "test/daemon/workflows/rules/instructions.test.ts"],
    because: "what a rule says is seen in what is said of a file",
  },
  "daemon/unusable.ts": {
    by: ["test/daemon/data-directory.test.ts", "test/e2e/start.test.ts"],
    because: "what cannot be used is the data directory, or a file in it",
  },
  "forges/git/inside/": {
    by: [
      "test/forges/git/gather.test.ts",
      "test/forges/git/left.test.ts",
      "test/forges/git/sequences.test.ts",
      "test/forges/git/hostile.test.ts",
      "test/forges/git/step.test.ts",
    ],
    because: "it is one program, and is tested with what agents leave",
  },
  "forges/git/program.ts": {
    by: ["test/forges/git/gather.test.ts"],
    because: "the step that it starts is seen by what the step finds",
  },
  "forges/git/git.ts": {
    by: ["test/forges/git/workspaces.test.ts", "test/forges/git/publish.test.ts"],
    because: "its environment and its errors are seen through what is done with real repositories",
  },
  "forges/api/address.ts": {
    by: ["test/forges/api/caller.test.ts"],
    because: "it is a part of how a host is called, and is seen by what is called",
  },
  "forges/api/breaker.ts": {
    by: ["test/forges/api/caller.test.ts"],
    because: "it is a part of how a host is called, and is seen by what is called",
  },
  "forges/api/budget.ts": {
    by: ["test/forges/api/caller.test.ts"],
    because: "it is a part of how a host is called, and is seen by what is called",
  },
  "forges/api/memory.ts": {
    by: ["test/forges/api/caller.test.ts"],
    because: "it is a part of how a host is called, and is seen by what is called",
  },
  "forges/api/pace.ts": {
    by: ["test/forges/api/caller.test.ts"],
    because: "it is a part of how a host is called, and is seen by what is called",
  },
  "forges/api/refusal.ts": {
    by: ["test/forges/api/caller.test.ts"],
    because: "it is a part of how a host is called, and is seen by what is called",
  },
  "forges/api/send.ts": {
    by: ["test/forges/api/caller.test.ts"],
    because: "it is a part of how a host is called, and is seen by what is called",
  },
  "forges/api/lookup.ts": {
    by: ["test/handlers/trust.test.ts"],
    because: "what cannot be found out is seen by whom it makes wait",
  },
  "forges/api/read.ts": {
    by: ["test/forges/github/github.test.ts", "test/forges/github/asks.test.ts"],
    because: "what is read of an answer is seen by each thing that is asked",
  },
  "forges/github/checks.ts": {
    by: ["test/forges/github/asks.test.ts"],
    because: "what is asked for is seen by what GitHub is asked, and what is made of its answer",
  },
  "forges/github/failures.ts": {
    by: ["test/forges/github/asks.test.ts"],
    because: "what is asked for is seen by what GitHub is asked, and what is made of its answer",
  },
  "forges/github/hooks.ts": {
    by: ["test/forges/github/asks.test.ts"],
    because: "what is asked for is seen by what GitHub is asked, and what is made of its answer",
  },
  "forges/github/items.ts": {
    by: ["test/forges/github/asks.test.ts"],
    because: "what is asked for is seen by what GitHub is asked, and what is made of its answer",
  },
  "forges/github/logs.ts": {
    by: ["test/forges/github/asks.test.ts"],
    because: "what is asked for is seen by what GitHub is asked, and what is made of its answer",
  },
  "forges/github/people.ts": {
    by: ["test/forges/github/github.test.ts"],
    because: "what is asked for is seen by what GitHub is asked, and what is made of its answer",
  },
  "forges/github/rules.ts": {
    by: ["test/forges/github/asks.test.ts"],
    because: "what is asked for is seen by what GitHub is asked, and what is made of its answer",
  },
  "forges/github/shapes.ts": {
    by: ["test/forges/github/asks.test.ts"],
    because: "what is asked for is seen by what GitHub is asked, and what is made of its answer",
  },
  "forges/github/api.ts": {
    by: ["test/forges/github/comments.test.ts", "test/forges/github/pulls.test.ts"],
    because: "what is asked for is seen by what GitHub is asked, and what is made of its answer",
  },
  "forges/github/marks.ts": {
    by: ["test/forges/github/comments.test.ts"],
    because: "what is asked for is seen by what GitHub is asked, and what is made of its answer",
  },
  "forges/github/merging.ts": {
    by: ["test/forges/github/pulls.test.ts"],
    because: "what is asked for is seen by what GitHub is asked, and what is made of its answer",
  },
  "forges/github/jwt.ts": {
    by: ["test/forges/github/access.test.ts"],
    because: "what an App signs is checked as GitHub checks it",
  },
  "forges/plane/api.ts": {
    by: ["test/forges/plane/tells.test.ts"],
    because: "it is seen by what Plane then holds",
  },
  "forges/plane/comments.ts": {
    by: ["test/forges/plane/tells.test.ts"],
    because: "it is seen by what Plane then holds",
  },
  "forges/plane/items.ts": {
    by: ["test/forges/plane/tells.test.ts"],
    because: "it is seen by what Plane then holds",
  },
  "forges/plane/names.ts": {
    by: ["test/forges/plane/tells.test.ts"],
    because: "it is seen by what Plane then holds",
  },
  "forges/plane/shapes.ts": {
    by: ["test/forges/plane/tells.test.ts"],
    because: "it is seen by what Plane then holds",
  },
  "handlers/api/base.ts": {
    by: ["test/handlers/api/app.test.ts", "test/handlers/api/tasks.test.ts"],
    because: "what is wrong with a request is told by each route, with the path of each fault",
  },
  "handlers/api/changes.ts": {
    by: ["test/handlers/api/tasks.test.ts"],
    because: "a change of a task is what its route answers and what the store then holds",
  },
  "handlers/api/views/delivery.ts": { by: ["test/handlers/api/deliveries.test.ts"], because: VIEW },
  "handlers/api/views/hold.ts": {
    by: ["test/handlers/api/cooldowns.test.ts", "test/handlers/api/explain.test.ts"],
    because: VIEW,
  },
  "handlers/api/schedules/view.ts": {
    by: ["test/handlers/api/schedules/schedules.test.ts"],
    because: VIEW,
  },
  "scheduler/crashes.ts": {
    by: ["test/scheduler/limits.test.ts"],
    because: "what is closed for crashes is seen by what a look leaves behind",
  },
  "scheduler/standings.ts": {
    by: ["test/scheduler/windows.test.ts", "test/scheduler/limits.test.ts"],
    because: "what is written of a look is seen by what a claim takes afterwards",
  },
  "scheduler/shown.ts": {
    by: ["test/scheduler/windows.test.ts", "test/handlers/api/schedules/override.test.ts"],
    because: "what people are shown is what the scheduler has seen",
  },
  "handlers/api/views/pace.ts": { by: ["test/handlers/api/status.test.ts"], because: VIEW },
  "handlers/api/views/job.ts": { by: ["test/handlers/api/tasks.test.ts"], because: VIEW },
  "handlers/api/route.ts": {
    by: ["test/handlers/api/app.test.ts"],
    because: "what is described is held against what is answered, over all routes",
  },
  "handlers/api/views/recurring.ts": { by: ["test/handlers/api/recurring.test.ts"], because: VIEW },
  "handlers/api/views/question.ts": { by: ["test/handlers/api/people/questions.test.ts"], because: VIEW },
  "handlers/api/views/run.ts": { by: ["test/handlers/api/runs.test.ts"], because: VIEW },
  "handlers/api/shapes.ts": {
    by: ["test/handlers/api/app.test.ts"],
    because: "what is answered is held against what is published, field by field",
  },
  "handlers/api/views/task.ts": { by: ["test/handlers/api/tasks.test.ts"], because: VIEW },
  "workflow/delivery.ts": {
    by: ["test/conformance/work.ts", "test/handlers/chat/actor.test.ts"],
    because: "a source is named as its deliveries are stored and read back",
  },
  "handlers/chat/": {
    by: [
      "test/handlers/chat/actor.test.ts",
      "test/handlers/chat/acts/change.test.ts",
      "test/handlers/chat/acts/gates.test.ts",
      "test/handlers/chat/acts/show.test.ts",
    ],
    because:
      "what is wanted, done and told in a chat is seen from what somebody says there to what is answered",
  },
  "handlers/chat/acts/": {
    by: [
      "test/handlers/chat/acts/change.test.ts",
      "test/handlers/chat/acts/gates.test.ts",
      "test/handlers/chat/acts/show.test.ts",
    ],
    because: "an act is seen by what somebody says, and what then is so",
  },
  "handlers/api/people/links.ts": {
    by: ["test/handlers/chat/link.test.ts"],
    because: "what is shown over the API is what a code has shown",
  },
  "handlers/decoded.ts": {
    by: ["test/handlers/github/events.test.ts", "test/handlers/plane/events.test.ts"],
    because: "each reason to ignore something is that of a decoder",
  },
  "handlers/ending.ts": {
    by: ["test/handlers/inbox.test.ts", "test/handlers/grant.test.ts"],
    because: "how a delivery ends, and what is told of it, is seen by what the inbox leaves behind",
  },
  "handlers/reader.ts": {
    by: ["test/handlers/inbox.test.ts"],
    because: "it hands on what a kit is asked, and the inbox is all that asks",
  },
  "store/accounts/accounts.ts": { by: ["test/conformance/limits.ts"], because: VERBS },
  "store/phases/approvals.ts": { by: ["test/conformance/phases.ts"], because: VERBS },
  "store/budgets.ts": { by: ["test/conformance/limits.ts"], because: VERBS },
  "store/build.ts": { by: CONFORMANCE, because: "the suite stands on the store that it builds" },
  "store/counters.ts": { by: ["test/conformance/runs.ts"], because: VERBS },
  "store/engine/backup.ts": {
    by: ["test/daemon/copies.test.ts", "test/daemon/restore.test.ts"],
    because: "a copy is made and looked at by those who need it",
  },
  "store/engine/engine.ts": { by: CONFORMANCE, because: "a fault is seen where a verb meets it" },
  "store/engine/page.ts": { by: CONFORMANCE, because: "each list is read page by page" },
  "store/engine/postgres.ts": { by: ["test/conformance/pglite.test.ts"], because: "it is an engine" },
  "store/engine/row.ts": {
    by: ["test/conformance/runs.ts"],
    because: "what it refuses is refused by a verb",
  },
  "store/engine/sqlite.ts": {
    by: ["test/conformance/sqlite.test.ts", "test/store/engine/durability.test.ts"],
    because: "it is an engine",
  },
  "store/engine/telling.ts": { by: ["test/conformance/work.ts"], because: VERBS },
  "store/events.ts": { by: ["test/conformance/commit.ts"], because: VERBS },
  "store/holds.ts": { by: ["test/conformance/moves.ts", "test/conformance/claim.ts"], because: VERBS },
  "store/jobs.ts": { by: ["test/conformance/moves.ts", "test/conformance/claim.ts"], because: VERBS },
  "store/claim/lanes.ts": { by: ["test/conformance/claim.ts", "test/conformance/limits.ts"], because: VERBS },
  "notifier/lane.ts": {
    by: ["test/notifier/loop.test.ts"],
    because: "what becomes of a call is seen in the rounds of the loop that has it made",
  },
  "store/numbers.ts": { by: ["test/conformance/tasks.ts"], because: VERBS },
  "store/progress.ts": { by: ["test/conformance/runs.ts"], because: VERBS },
  "store/projects.ts": { by: ["test/conformance/limits.ts"], because: VERBS },
  "scheduler/recurring/counted.ts": {
    by: ["test/scheduler/recurring/loop.test.ts"],
    because: "a change of a pattern is noticed by the store, and seen at a reload",
  },
  "store/rows/": { by: CONFORMANCE, because: "what a reader of rows makes of them is what a verb answers" },
  "store/windows/schedules.ts": {
    by: ["test/conformance/windows.ts"],
    because: "a schedule is read as it was kept",
  },
  "store/settle.ts": { by: ["test/daemon/claim.test.ts", "test/conformance/"], because: VERBS },
  "store/usage.ts": { by: ["test/conformance/runs.ts"], because: VERBS },
  "store/phases/repository.ts": { by: ["test/conformance/phases.ts"], because: VERBS },
  "store/phases/workflows.ts": { by: ["test/conformance/phases.ts"], because: VERBS },
  "system/config/offsets.ts": {
    by: ["test/system/config/document.test.ts"],
    because: "places are asked of the document",
  },
  "system/schema/trouble.ts": {
    by: ["test/system/schema/prepare.test.ts"],
    because: "what the library says is what it says of a schema that cannot be prepared",
  },
  "system/schema/validators.ts": {
    by: ["test/system/schema/prepare.test.ts", "test/system/schema/artifact.test.ts"],
    because: "what a validator can do is seen by what it finds in schemas and artifacts",
  },
  "system/code-cache.ts": {
    by: ["test/forges/git/gather.test.ts"],
    because: "the cache is one of what the step inside the walls is given",
  },
  "system/ca-bundle.ts": {
    by: ["test/daemon/git-environment.test.ts"],
    because: "that it holds the right certificates is seen by who can be asked with it",
  },
  "system/files/strange-place.ts": {
    by: ["test/system/files/door.test.ts"],
    because: "it is the door's way in, and is tried through the door",
  },
  "system/config/part.ts": {
    by: ["test/daemon/config/schema.test.ts"],
    because: "it holds types; its function hands back what it is given, and checks it for the compiler",
  },
  "system/files/whole-files.ts": {
    by: ["test/daemon/copies.test.ts", "test/daemon/restore.test.ts"],
    because: "what it promises is that of copies: whole, private, and in place at once",
  },
  "workflow/decide/gates/ask-question.ts": {
    by: ["test/workflow/decide/gates/answer-question.test.ts", "test/workflow/decide/walks.test.ts"],
    because: "what a question does to a task is seen by how the task goes on with its answer",
  },
  "workflow/decide/gates/judge.ts": {
    by: ["test/workflow/decide/flow.test.ts", "test/conformance/phases.ts"],
    because: "a verdict is seen with the route that it takes",
  },
  "workflow/decide/gates/leave-open.ts": {
    by: ["test/workflow/decide/walks.test.ts", "test/workflow/decide/gates/answer-question.test.ts"],
    because: "that nobody is asked about what has ended is seen at each end of a task",
  },
  "workflow/decide/parts.ts": {
    by: ["test/workflow/decide/decide.test.ts"],
    because: "pieces of decisions, seen in each of them",
  },
  "workflow/explain/asked.ts": {
    by: ["test/workflow/explain/explain.test.ts", "test/handlers/api/people/gates.test.ts"],
    because: "whom a task waits for is one of the causes that explaining tells",
  },
  "workflow/explain/lane.ts": {
    by: ["test/workflow/explain/refusal.test.ts", "test/workflow/explain/explain.test.ts"],
    because: "what closes a lane is told in two places, and both are asked for it",
  },
  "workflow/task.ts": {
    by: ["test/workflow/decide/settle-workflow.test.ts"],
    because: "whether a workflow is still to be read is seen in what is decided then",
  },
  "workflow/project.ts": { by: ["test/handlers/"], because: "it picks fields" },
  "workflow/recurring/recurring.ts": {
    by: ["test/workflow/decide/start-recurring.test.ts"],
    because: "the name of a slot is what its task is found by",
  },
  "workflow/run.ts": {
    by: ["test/agents/environment.test.ts"],
    because: "the mark is seen in the environment",
  },
  "workflow/subject.ts": { by: ["test/conformance/"], because: "what an event is about is read back there" },
};
