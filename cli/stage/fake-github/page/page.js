// Issues and pull requests of the proof server as people see them. What is written there is put in as text.

import { make, markdown } from "./markdown.js";

const byId = (id) => document.getElementById(id);
let state = { version: -1, repos: [], people: [] };
const EMOJI = {
  "+1": "👍",
  "-1": "👎",
  laugh: "😄",
  confused: "😕",
  heart: "❤️",
  hooray: "🎉",
  eyes: "👀",
  rocket: "🚀",
};
const SIGNS = {
  success: "✓",
  failure: "✕",
  neutral: "–",
  skipped: "–",
  cancelled: "–",
  error: "✕",
  timed_out: "✕",
};
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

function since(at) {
  const seconds = Math.round((at - state.now) / 1_000);
  const units = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
  ];
  const [unit, size] = units.find(([, one]) => Math.abs(seconds) >= one) ?? ["second", 1];
  return relative.format(Math.trunc(seconds / size), unit);
}

async function act(verb, body) {
  const answer = await fetch(`/_/people/${verb}`, { method: "POST", body: JSON.stringify(body) });
  const { error } = await answer.json();
  if (error) window.alert(error);
}

/** `/acme/shop/pull/2`, or nothing for the list of the first repository. */
function place() {
  const [, owner, name, kind, number] = location.pathname.split("/");
  const repo = state.repos.find((one) => one.name === `${owner}/${name}`) ?? state.repos[0];
  const tab = new URLSearchParams(location.search).get("tab") ?? (kind === "pull" ? "pulls" : "issues");
  return { repo, tab, item: repo?.items.find((one) => one.number === Number(number)) };
}

const addressOf = (repo, item) => `/${repo.name}/${item.pull ? "pull" : "issues"}/${item.number}`;

function go(event) {
  const link = event.target.closest?.("a");
  if (!link || link.origin !== location.origin || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  show();
  window.scrollTo(0, 0);
}

function kindOf({ isOpen, reason, pull }) {
  if (pull?.merged) return ["merged", "Merged"];
  if (!isOpen) return pull || reason !== "completed" ? ["closed", "Closed"] : ["merged", "Closed"];
  return pull?.isDraft ? ["draft", "Draft"] : ["open", "Open"];
}

function badge(item) {
  const [kind, text] = kindOf(item);
  return make("span", { className: `badge ${kind}` }, item.pull ? "⎇ " : kind === "open" ? "⊙ " : "✓ ", text);
}

function hue(text) {
  let sum = 0;
  for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)) % 360;
  return sum;
}

function face({ login, isBot }) {
  const element = make("span", { className: isBot ? "face bot" : "face" }, login.slice(0, 1).toUpperCase());
  element.style.setProperty("--hue", hue(login));
  return element;
}

function labelOf({ name }) {
  const element = make("span", { className: "label" }, name);
  element.style.setProperty("--hue", hue(name));
  return element;
}

function checkSign(checks) {
  if (checks.length === 0) return null;
  const states = checks.map(({ state: one }) => one);
  if (states.some((one) => ["failure", "error", "timed_out"].includes(one)))
    return make("span", { className: "sign failure" }, "✕");
  const isGoing = states.some((one) => ["pending", "queued", "in_progress"].includes(one));
  return make("span", { className: isGoing ? "sign going" : "sign success" }, isGoing ? "●" : "✓");
}

function rowOf(repo, item) {
  const [kind] = kindOf(item);
  const about = `#${item.number} opened ${since(item.at)} by ${item.by.login}`;
  const said =
    item.comments.length > 0 ? make("span", { className: "said" }, `🗨 ${item.comments.length}`) : null;
  const title = make("a", { href: addressOf(repo, item) }, item.title);
  const first = make(
    "div",
    { className: "title" },
    title,
    item.pull ? checkSign(item.pull.checks) : null,
    ...item.labels.map(labelOf),
  );
  const sign = make("span", { className: `dot ${kind}` }, item.pull ? "⎇" : kind === "open" ? "⊙" : "✓");
  return make("li", {}, sign, make("div", {}, first, make("small", {}, about)), said);
}

function listOf({ repo, tab }) {
  const items = repo.items.filter((item) => (item.pull !== null) === (tab === "pulls"));
  const open = items.filter(({ isOpen }) => isOpen).length;
  const head = make(
    "p",
    { className: "head" },
    make("b", {}, `${open} open`),
    `  ${items.length - open} closed`,
  );
  const rows = [...items].sort((a, b) => Number(b.isOpen) - Number(a.isOpen) || b.number - a.number);
  const list = make("ul", {}, ...rows.map((item) => rowOf(repo, item)));
  return [
    make(
      "section",
      { className: "list" },
      head,
      items.length > 0 ? list : make("p", { className: "empty" }, "Nothing here yet."),
    ),
  ];
}

function reactionsOf(reactions) {
  const all = Object.entries(reactions ?? {}).map(([content, count]) =>
    make("span", {}, `${EMOJI[content] ?? content} ${count}`),
  );
  return all.length > 0 ? make("div", { className: "reactions" }, ...all) : null;
}

function bubble({ by, body, at, isEdited, reactions }, says = "commented") {
  const bot = by.isBot ? make("span", { className: "tag" }, "bot") : null;
  const head = make(
    "header",
    {},
    make("b", {}, by.login),
    bot,
    ` ${says} ${since(at)}${isEdited ? " · edited" : ""}`,
  );
  const text = (body ?? "").trim() === "" ? make("i", {}, "No description provided.") : markdown(body);
  return make(
    "article",
    {},
    face(by),
    make(
      "div",
      { className: "bubble" },
      head,
      make("div", { className: "text" }, text),
      reactionsOf(reactions),
    ),
  );
}

const VERDICTS = {
  APPROVED: ["success", "✓", "approved these changes"],
  CHANGES_REQUESTED: ["failure", "±", "requested changes"],
  COMMENTED: ["neutral", "👁", "reviewed"],
  DISMISSED: ["neutral", "–", "had a review dismissed"],
};

function reviewOf(review, threads) {
  const [kind, sign, says] = VERDICTS[review.state];
  const own = threads.filter(({ remarks }) => remarks[0].review === review.id);
  if (review.body.trim() === "" && own.length === 0 && review.state === "COMMENTED") return null;
  const line = make(
    "p",
    { className: "event" },
    make("span", { className: `sign ${kind}` }, sign),
    make("b", {}, review.by.login),
    ` ${says} ${since(review.at)}`,
  );
  const body = review.body.trim() === "" ? null : bubble(review, "left a comment");
  return make("div", { className: "review" }, line, body, ...own.map(threadOf));
}

function threadOf({ path, line, resolvedBy, remarks }) {
  const place = make(
    "header",
    {},
    make("code", {}, `${path}:${line}`),
    resolvedBy ? make("span", { className: "tag" }, `resolved by ${resolvedBy}`) : null,
  );
  const said = remarks.map(({ by, body, at }) =>
    make(
      "div",
      { className: "remark" },
      face(by),
      make(
        "div",
        {},
        make("b", {}, by.login),
        make("small", {}, ` ${since(at)}`),
        make("div", { className: "text" }, markdown(body)),
      ),
    ),
  );
  return make("div", { className: resolvedBy ? "thread resolved" : "thread" }, place, ...said);
}

function checksOf({ pull, isOpen }) {
  const rows = pull.checks.map(({ name, state: one, text }) =>
    make(
      "li",
      {},
      make("span", { className: `sign ${SIGNS[one] ? one : "going"}` }, SIGNS[one] ?? "●"),
      make("b", {}, name),
      make("small", {}, text ?? one.replaceAll("_", " ")),
    ),
  );
  const merged = pull.merged ? `Merged by ${pull.merged.by} as ${pull.merged.sha.slice(0, 7)}` : null;
  const said =
    merged ??
    (isOpen
      ? (pull.blocked ?? (pull.isDraft ? "This is still a draft." : "This branch can be merged."))
      : "Closed without being merged.");
  const kind = pull.merged ? "merged" : isOpen && !pull.blocked && !pull.isDraft ? "open" : "draft";
  return make(
    "section",
    { className: `checks ${kind}` },
    make("ul", {}, ...rows),
    make("p", {}, make("b", {}, said)),
  );
}

function timeline(item) {
  const parts = item.comments.map((comment) => ({ at: comment.at, element: bubble(comment) }));
  for (const review of item.pull?.reviews ?? []) {
    const element = reviewOf(review, item.pull.threads);
    if (element) parts.push({ at: review.at, element });
  }
  return parts.sort((a, b) => a.at - b.at).map(({ element }) => element);
}

const person = () => byId("person").value;

function answerBox(repo, item) {
  const text = make("textarea", {
    placeholder: "Leave a comment",
    rows: 3,
    ariaLabel: "Comment",
    value: drafts.get(item.number) ?? "",
  });
  text.oninput = () => drafts.set(item.number, text.value);
  const where = () => ({ repo: repo.name, by: person(), number: item.number });
  const button = (name, run, className = "") =>
    make("button", { type: "button", className, onclick: run }, name);
  const say = async () => {
    if (text.value.trim() === "") return;
    drafts.delete(item.number);
    await act("comment", { ...where(), body: text.value });
  };
  const verdicts =
    item.pull && item.isOpen
      ? [
          button("Approve", () => act("approve", where())),
          button("Request changes", () =>
            act("requestChanges", { ...where(), body: text.value || "Please look again." }),
          ),
        ]
      : [];
  const end = item.pull?.merged
    ? []
    : [button(item.isOpen ? "Close" : "Reopen", () => act(item.isOpen ? "close" : "reopen", where()))];
  return make(
    "form",
    {},
    text,
    make("div", { className: "row" }, ...verdicts, ...end, button("Comment", say, "first")),
  );
}

const drafts = new Map();

function itemOf({ repo, item }) {
  const title = make("h1", {}, item.title, make("small", {}, ` #${item.number}`));
  const about = item.pull
    ? [
        make("b", {}, item.by.login),
        " wants to merge ",
        make("code", {}, item.pull.head),
        " into ",
        make("code", {}, item.pull.base),
      ]
    : [make("b", {}, item.by.login), ` opened this ${since(item.at)}`];
  const label = async () => {
    const name = window.prompt("Which label?", "agent");
    if (name) await act("label", { repo: repo.name, by: person(), number: item.number, label: name });
  };
  const side = make(
    "aside",
    {},
    make("h2", {}, "Labels"),
    make("div", {}, ...(item.labels.length > 0 ? item.labels.map(labelOf) : ["None yet"])),
    make("button", { type: "button", onclick: label }, "Add a label"),
    make("h2", {}, "Assignees"),
    make("div", {}, item.assignees.join(", ") || "No one"),
  );
  const body = bubble({ ...item, isEdited: false }, item.pull ? "wrote" : "opened this");
  const flow = make(
    "div",
    {},
    body,
    ...timeline(item),
    item.pull ? checksOf(item) : null,
    answerBox(repo, item),
  );
  return [
    make("div", { className: "heading" }, title, make("p", {}, badge(item), " ", ...about)),
    make("div", { className: "columns" }, flow, side),
  ];
}

function show() {
  const where = place();
  const { repo, tab, item } = where;
  if (!repo) return;
  byId("repo").textContent = repo.name;
  const count = (isPull) => repo.items.filter((one) => one.isOpen && (one.pull !== null) === isPull).length;
  const tabOf = (name, text, isPull) =>
    make(
      "a",
      { href: name === "pulls" ? "/?tab=pulls" : "/", className: tab === name ? "now" : "" },
      text,
      make("span", {}, String(count(isPull))),
    );
  byId("tabs").replaceChildren(tabOf("issues", "Issues", false), tabOf("pulls", "Pull requests", true));
  if (byId("person").options.length !== state.people.length) {
    const chosen = person();
    byId("person").replaceChildren(...state.people.map((name) => make("option", {}, name)));
    if (chosen) byId("person").value = chosen;
  }
  byId("figures").textContent =
    `${state.calls} calls${state.violations.length > 0 ? `, ${state.violations.length} odd` : ""}`;
  const focus = document.activeElement?.tagName === "TEXTAREA";
  byId("main").replaceChildren(...(item ? itemOf(where) : listOf(where)));
  if (focus) document.querySelector("textarea")?.focus();
}

document.addEventListener("click", go);
window.addEventListener("popstate", show);

for (;;) {
  try {
    const answer = await fetch(`/_/state?after=${state.version}`);
    const next = await answer.json();
    const isNew = next.version !== state.version;
    state = next;
    if (isNew) show();
  } catch {
    byId("figures").textContent = "the server is gone";
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
