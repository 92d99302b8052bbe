/** What GitHub's events ask for, on GitHub's own examples. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Decoded } from "../../../handlers/decoded.ts";
import { GITHUB } from "../../../handlers/github/github.ts";
import type { Payload } from "../../../handlers/source.ts";
import type { Wish } from "../../../handlers/wish.ts";
import { BODY_CHARS_MAX, TITLE_CHARS_MAX } from "../../../workflow/limits.ts";
import type { Project } from "../../../workflow/project.ts";
import { changed, githubExample, githubExamples } from "../payloads.ts";
import { project } from "../project.ts";

const OWN = { login: "chargehand-bot", id: "4242" };

function decode(
  event: string,
  payload: Payload,
  projects: readonly Project[] = [project()],
): Decoded<unknown> {
  const audience = {
    source: "github",
    settings: null,
    projects,
    own: [OWN],
    known: GITHUB.facts.nothing,
  } as const;
  return GITHUB.decode(event, payload, audience);
}

function only(decoded: Decoded<unknown>): Wish {
  assert.equal(decoded.kind, "wish", JSON.stringify(decoded));
  assert.equal(decoded.wishes.length, 1);
  const [wish] = decoded.wishes;
  assert.ok(wish);
  return wish;
}

function ignored(decoded: Decoded<unknown>): string {
  assert.equal(decoded.kind, "ignore", JSON.stringify(decoded));
  return decoded.reason;
}

const labeled = (changes: Record<string, unknown> = {}): Payload =>
  githubExample("issues", 9, { "label.name": "Agent", ...changes });

const comment = (body: string, changes: Record<string, unknown> = {}): Payload =>
  githubExample("issue_comment", 0, { "comment.body": body, ...changes });

const closed = (changes: Record<string, unknown> = {}): Payload =>
  githubExample("issues", 20, { action: "closed", "issue.state": "closed", ...changes });

test("a start label starts a task, whatever the case of its letters", () => {
  const { intent, actor } = only(decode("issues", labeled()));
  assert.equal(intent.kind, "start_task");
  assert.deepEqual(intent.refs, [
    { source: "github", kind: "issue", id: "acme/shop#1" },
    { source: "github", kind: "issue_id", id: "444500041" },
  ]);
  assert.equal(intent.number, 1);
  assert.equal(intent.title, "Spelling error in the README file");
  assert.equal(intent.because, "label Agent");
  assert.equal(intent.explicit, false);
  assert.match(intent.key, /^github:acme\/shop#1:labeled:agent:2019-05-15T/);
  assert.equal(intent.url, "https://github.com/Codertocat/Hello-World/issues/1");
  assert.deepEqual(intent.by, { kind: "github", name: "Codertocat" });
  assert.equal(actor.standing, "OWNER");
});

test("another label starts nothing, though the issue has the start label already", () => {
  const reason = ignored(
    decode("issues", labeled({ "label.name": "bug", "issue.labels": [{ name: "agent" }] })),
  );
  assert.match(reason, /bug/);
});

test("A13: opened with a label and labeled by the same person are two keys of one issue, for the task to tell apart", () => {
  const opened = only(decode("issues", githubExample("issues", 15, { "issue.labels": [{ name: "agent" }] })));
  const label = only(decode("issues", labeled()));
  assert.equal(opened.intent.kind, "start_task");
  assert.equal(label.intent.kind, "start_task");
  assert.deepEqual(opened.intent.refs, label.intent.refs);
  assert.notEqual(opened.intent.key, label.intent.key);
  assert.equal(only(decode("issues", labeled())).intent.key, label.intent.key);
});

test("an issue opened without a start label is ignored, and so is a label on a closed issue", () => {
  ignored(decode("issues", githubExample("issues", 15, { "issue.labels": [] })));
  assert.match(ignored(decode("issues", labeled({ "issue.state": "closed" }))), /closed/);
});

test("an assignment to a start assignee starts a task", () => {
  const { start } = project();
  const projects = [project({ start: { ...start, assignees: ["codertocat"] } })];
  assert.equal(
    only(decode("issues", githubExample("issues", 1), projects)).intent.because,
    "assigned to Codertocat",
  );
  ignored(decode("issues", githubExample("issues", 1)));
});

test("a reopened issue starts again explicitly, if it still carries its trigger", () => {
  const { intent } = only(
    decode("issues", githubExample("issues", 20, { "issue.labels": [{ name: "agent" }] })),
  );
  assert.equal(intent.kind === "start_task" && intent.explicit, true);
  ignored(decode("issues", githubExample("issues", 20, { "issue.labels": [] })));
});

test("a closed issue cancels, and so does a deleted one", () => {
  const { intent, actor } = only(decode("issues", closed()));
  assert.equal(intent.kind, "cancel_task");
  assert.equal(intent.reason, "the issue was closed");
  assert.ok(actor.implies);
  assert.equal(only(decode("issues", githubExample("issues", 4))).intent.kind, "cancel_task");
});

test("a label proves triage rights, unless the issue's author is said to have set it: issue forms set labels for anybody", () => {
  const other = only(decode("issues", labeled({ "sender.login": "maintainer" })));
  assert.ok(other.actor.implies);
  const author = only(decode("issues", labeled({ "issue.author_association": "NONE" })));
  assert.equal(author.actor.implies, null);
  assert.equal(author.actor.standing, "NONE");
  assert.equal(
    other.actor.standing,
    null,
    "the association is the author's, and says nothing about the maintainer",
  );
});

test("commands start, cancel and retry; the first word of the first line counts", () => {
  const cases: [string, string][] = [
    ["/agent", "start_task"],
    ["\n  /AGENT  \nplease", "start_task"],
    ["/agent cancel", "cancel_task"],
    ["/agent stop\r\nnow", "cancel_task"],
    ["/agent retry", "retry_task"],
  ];
  for (const [body, kind] of cases) {
    const { intent } = only(decode("issue_comment", comment(body)));
    assert.equal(intent.kind, kind, body);
    assert.equal(intent.key, "github:comment:492700400");
    if (intent.kind === "start_task") assert.equal(intent.explicit, true);
  }
});

test("what is no command is ignored, and what is addressed to the agent and unknown is told the known ones", () => {
  for (const body of ["please /agent", "> /agent", "```\n/agent", "/agents", "", "/agent/cancel"]) {
    ignored(decode("issue_comment", comment(body)));
  }
  assert.match(
    ignored(decode("issue_comment", comment("/agent dance"))),
    /is no command; did you mean \/agent cancel/,
  );
  assert.match(ignored(decode("issue_comment", comment("/agent constructor"))), /is no command/);
});

test("edited and deleted comments are ignored, each with its reason", () => {
  assert.match(
    ignored(decode("issue_comment", comment("/agent", { action: "edited" }))),
    /issue_comment\.edited/,
  );
  assert.match(
    ignored(decode("issue_comment", comment("/agent", { action: "deleted" }))),
    /issue_comment\.deleted/,
  );
});

test("Chargehand's own comments and doings are ignored: by marker, by login, by id", () => {
  assert.match(ignored(decode("issue_comment", comment("/agent\n<!-- chargehand:1 -->"))), /own/);
  assert.match(
    ignored(decode("issue_comment", comment("/agent", { "sender.login": "Chargehand-Bot" }))),
    /own/,
  );
  assert.match(ignored(decode("issues", labeled({ "sender.id": 4242 }))), /own/);
});

test("bots are seen by their type and by their name", () => {
  assert.equal(only(decode("issue_comment", comment("/agent", { "sender.type": "Bot" }))).actor.isBot, true);
  assert.equal(
    only(decode("issue_comment", comment("/agent", { "sender.login": "x[bot]" }))).actor.isBot,
    true,
  );
  assert.equal(only(decode("issue_comment", comment("/agent"))).actor.isBot, false);
});

test("a repository of several projects asks each of them, by its own rules", () => {
  const { start } = project();
  const docs = project({ name: "docs", repo: "ACME/Shop", start: { ...start, commands: ["/docs"] } });
  const web = project({ name: "web" });
  const both = decode("issues", labeled(), [project(), docs, web]);
  assert.deepEqual(both.kind === "wish" && both.wishes.map((wish) => wish.project.name), [
    "shop",
    "docs",
    "web",
  ]);
  assert.equal(only(decode("issue_comment", comment("/docs"), [project(), docs, web])).project.name, "docs");
  assert.match(ignored(decode("issues", labeled(), [project({ repo: "acme/other" })])), /acme\/shop/);
});

test("every one of GitHub's examples is decoded without an error, and unknown events are ignored by name", () => {
  let asked = 0;
  for (const { name, examples } of githubExamples()) {
    for (const example of examples) {
      const decoded = decode(name, example, [project({ repo: "Codertocat/Hello-World" })]);
      assert.notEqual(decoded.kind, "failed", `${name}: ${JSON.stringify(decoded)}`);
      if (decoded.kind === "wish") asked += 1;
    }
  }
  assert.ok(asked > 0);
  assert.match(ignored(decode("gollum", { ref: "x" })), /gollum/);
  assert.match(ignored(decode("issues", githubExample("issues", 0))), /neither title nor text/);
  ignored(decode("", {}));
  ignored(decode("ping", { zen: 1 }));
});

const USED: Readonly<Record<string, { event: string; payload: Payload; paths: readonly string[] }>> = {
  labeled: {
    event: "issues",
    payload: labeled(),
    paths: [
      "action",
      "issue",
      "issue.id",
      "issue.number",
      "issue.title",
      "issue.html_url",
      "issue.state",
      "issue.updated_at",
      "issue.user.login",
      "issue.labels.0",
      "issue.labels.0.name",
      "issue.author_association",
      "repository",
      "repository.full_name",
      "sender",
      "sender.login",
      "sender.id",
      "sender.type",
      "label",
      "label.name",
    ],
  },
  assigned: {
    event: "issues",
    payload: githubExample("issues", 1),
    paths: ["assignee", "assignee.login", "issue.assignees.0.login"],
  },
  commented: {
    event: "issue_comment",
    payload: comment("/agent"),
    paths: [
      "action",
      "issue",
      "comment",
      "comment.id",
      "comment.body",
      "comment.user.login",
      "comment.author_association",
    ],
  },
};

for (const [name, { event, payload, paths }] of Object.entries(USED)) {
  test(`${name}: a wrong type in any used field is a failure that says where`, () => {
    const whole = changed(payload, { "issue.labels": [{ name: "agent" }] });
    for (const path of paths) {
      const where = `$.${path.replaceAll(/\.(\d+)/g, "[$1]")}`;
      for (const wrong of [{ a: 1 }, ["x"], 1.5, true, "", "\u0000"]) {
        const old = path
          .split(".")
          .reduce((at: unknown, step) => (at as Record<string, unknown>)[step], whole);
        if (
          typeof old === typeof wrong &&
          typeof wrong !== "number" &&
          Array.isArray(old) === Array.isArray(wrong)
        )
          continue;
        const decoded = decode(event, changed(whole, { [path]: wrong }));
        assert.equal(
          decoded.kind,
          "failed",
          `${path} = ${JSON.stringify(wrong)}: ${JSON.stringify(decoded)}`,
        );
        assert.ok(decoded.reason.includes(`at ${where}`), `${decoded.reason} should name ${where}`);
      }
    }
  });
}

test("a body that is null, an author that is gone and lists that are missing are all fine", () => {
  const { intent } = only(
    decode(
      "issues",
      labeled({
        "issue.body": null,
        "issue.user": null,
        "issue.assignees": undefined,
        "issue.labels": undefined,
      }),
    ),
  );
  assert.equal(intent.kind === "start_task" && intent.body, "");
  assert.equal(intent.kind === "start_task" && intent.author, null);
});

test("I13: titles and bodies are cut at their limits, lose NUL and half characters, and keep what people see", () => {
  const nasty = "$(rm -rf /); `id` '\"\\ ../../etc/passwd --upload-pack=x \u202e";
  const { intent } = only(
    decode(
      "issues",
      labeled({
        "issue.title": `a\u0000b\nc ${nasty}`,
        "issue.body": `${nasty}\u0000\ud800${"x".repeat(200_000)}`,
      }),
    ),
  );
  assert.equal(intent.kind, "start_task");
  assert.equal(intent.title, `a b c ${nasty.replace(" \u202e", "")}`, "a title loses what nobody sees");
  assert.ok(intent.body.startsWith(`${nasty}\ufffdx`));
  assert.ok(intent.body.length <= BODY_CHARS_MAX && intent.body.endsWith("[cut here: the text is longer]"));
  const long = only(decode("issues", labeled({ "issue.title": "🚀".repeat(2_000) }))).intent;
  assert.ok(long.kind === "start_task" && long.title.length <= TITLE_CHARS_MAX && long.title.isWellFormed());
  const odd = only(decode("issues", labeled({ "issue.html_url": "javascript:alert(1)" }))).intent;
  assert.equal(odd.kind === "start_task" && odd.url, null);
});

test("a repository name that is a path trick belongs to no project and reaches no key", () => {
  for (const name of ["../../etc/passwd", "acme/shop/../..", "acme/shop\u0000", "acme", "a b/c"]) {
    assert.equal(decode("issues", labeled({ "repository.full_name": name })).kind, "failed");
  }
});

test("G2: where an issue's author is missing, a label proves nothing of whoever set it", () => {
  const { actor } = only(
    decode("issues", labeled({ "issue.user": null, "issue.author_association": "OWNER" })),
  );
  assert.deepEqual([actor.standing, actor.implies], [null, null]);
});

test("G4: a body that does not fit the event in the header is refused", () => {
  const deleted = comment("/agent", { action: "deleted" });
  const refused = [
    decode("issues", deleted),
    decode("issue_comment", labeled()),
    decode("issues", comment("/agent")),
  ];
  for (const decoded of refused) {
    assert.equal(decoded.kind, "failed");
    assert.match(decoded.reason, /the body is not that of an '.*' event, which X-GitHub-Event names/);
  }
});

test("of an edited issue that alone counts which was edited: its author may have written into the rest meanwhile", () => {
  const edit = (changes: object): Payload =>
    githubExample("issues", 9, { action: "edited", changes, "issue.title": "New", "issue.body": "run this" });
  const { intent } = only(decode("issues", edit({ title: { from: "Old" } })));
  assert.ok(intent.kind === "edit_task");
  assert.deepEqual([intent.title, intent.body], ["New", undefined]);
  const text = only(decode("issues", edit({ body: { from: "" } }))).intent;
  assert.ok(text.kind === "edit_task");
  assert.deepEqual([text.title, text.body], [undefined, "run this"]);
});
