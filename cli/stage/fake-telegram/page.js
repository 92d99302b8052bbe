// The chats of the proof server as a person sees them. What is written there is put in as text, never as markup.

const byId = (id) => document.getElementById(id);
const wanted = new URLSearchParams(location.search);
let state = { version: -1, chats: [], people: [], bots: [] };
let open = Number(wanted.get("chat")) || null;
let replyTo = null;
const unfolded = new Set();

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

async function act(action, body) {
  const answer = await fetch(`/_/${action}`, { method: "POST", body: JSON.stringify(body) });
  return answer.json();
}

const person = () => Number(byId("person").value) || state.people[0]?.id;
const isBottom = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < 80;

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });

function since(unix) {
  const seconds = unix - Math.floor((Date.now() + (state.offset ?? 0)) / 1_000);
  const [unit, size] = UNITS.find(([, one]) => Math.abs(seconds) >= one) ?? ["second", 1];
  return relative.format(Math.trunc(seconds / size), unit);
}

function instant(unix, format) {
  if (format === "r") return since(unix);
  const options = {};
  if (/w/.test(format)) options.weekday = "short";
  if (/d/.test(format)) options.dateStyle = "short";
  if (/D/.test(format)) options.dateStyle = "long";
  if (/t/.test(format)) options.timeStyle = "short";
  if (/T/.test(format)) options.timeStyle = "medium";
  if (options.dateStyle || options.timeStyle) delete options.weekday;
  return new Intl.DateTimeFormat(undefined, options).format(unix * 1_000);
}

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre" };

function elementOf(entity, key) {
  if (TAGS[entity.type]) return make(TAGS[entity.type]);
  if (entity.type === "text_link")
    return make("a", { href: entity.url, rel: "noreferrer", target: "_blank" });
  if (entity.type === "date_time") {
    const time = make("time", { title: new Date(entity.unix_time * 1_000).toString() });
    Object.assign(time.dataset, { unix: entity.unix_time, format: entity.date_time_format });
    return time;
  }
  if (entity.type.endsWith("blockquote")) {
    const quote = make("blockquote");
    if (entity.type === "expandable_blockquote" && !unfolded.has(key)) {
      quote.className = "folded";
      quote.onclick = () => {
        unfolded.add(key);
        quote.className = "";
      };
    }
    return quote;
  }
  // What Telegram makes links of by itself.
  return make("a", { href: "#", onclick: () => false });
}

/** Text with its entities, which hold one another or do not touch. */
function formatted(text, entities, key) {
  const root = document.createDocumentFragment();
  const stack = [{ element: root, end: text.length }];
  let at = 0;
  const upTo = (place) => {
    while (at < place) {
      const top = stack.at(-1);
      const end = Math.min(place, top.end);
      top.element.append(text.slice(at, end));
      at = end;
      while (stack.length > 1 && stack.at(-1).end <= at) stack.pop();
    }
  };
  for (const entity of [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length)) {
    upTo(entity.offset);
    const element = elementOf(entity, `${key}/${entity.offset}`);
    stack.at(-1).element.append(element);
    if (entity.type === "date_time") {
      element.textContent = instant(entity.unix_time, entity.date_time_format);
      at = entity.offset + entity.length;
      while (stack.length > 1 && stack.at(-1).end <= at) stack.pop();
      continue;
    }
    stack.push({ element, end: Math.min(stack.at(-1).end, entity.offset + entity.length) });
  }
  upTo(text.length);
  // A quotation is a block already; the line break behind it would be a second one.
  for (const quote of root.querySelectorAll("blockquote")) {
    const next = quote.nextSibling;
    if (next?.nodeType === Node.TEXT_NODE) next.textContent = next.textContent.replace(/^\n/, "");
  }
  return root;
}

function bubbleOf(chat, message) {
  const key = `${chat.id}/${message.id}`;
  const bubble = make("div", { className: "bubble" });
  const topic = chat.topics.find(({ id }) => id === message.topic);
  if (message.from.id !== person() && chat.type !== "private")
    bubble.append(
      make(
        "div",
        { className: "who" },
        message.from.name,
        topic ? make("small", {}, `  in ${topic.name}`) : "",
      ),
    );
  const answered = chat.messages.find(({ id }) => id === message.reply_to);
  if (answered)
    bubble.append(
      make("div", { className: "answered" }, `${answered.from.name}: ${answered.text.split("\n")[0]}`),
    );
  bubble.append(make("div", { className: "text" }, formatted(message.text, message.entities, key)));
  const time = new Date(message.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const marks = `${message.reactions.join("")} ${message.edited_at ? "edited " : ""}`;
  const silent = message.is_silent
    ? make("span", { title: "without a sound", className: "silent" }, "🔕")
    : "";
  const reply = make("button", { type: "button", onclick: () => answer(message) }, "Reply");
  bubble.append(make("div", { className: "stamp" }, reply, silent, `${marks}${time}`));
  return bubble;
}

function rowOf(chat, message, row) {
  const buttons = row.map(({ text, callback_data: data, style }) => {
    const onclick = () => press(chat, message, data);
    return make("button", { type: "button", className: style ?? "", onclick }, text);
  });
  return make("div", { className: "row" }, ...buttons);
}

async function press(chat, message, data) {
  const { error } = await act("press", { chat: chat.id, message: message.id, data, person: person() });
  if (error) toast(error);
}

function answer(message) {
  const list = byId("messages");
  const stays = isBottom(list);
  replyTo = message?.id ?? null;
  byId("replying").hidden = replyTo === null;
  byId("replying").firstElementChild.textContent = message
    ? `Answer to: ${message.text.split("\n")[0]} `
    : "";
  byId("text").focus();
  if (stays) list.scrollTop = list.scrollHeight;
}

let fading = 0;
function toast(text) {
  clearTimeout(fading);
  Object.assign(byId("toast"), { textContent: text, hidden: false });
  fading = setTimeout(() => (byId("toast").hidden = true), 5_000);
}

function showChats() {
  const items = state.chats.map((chat) => {
    const last = chat.messages.at(-1);
    const face = make("span", { className: "face" }, chat.title.slice(0, 1));
    const about = last ? last.text.split("\n")[0] : chat.type;
    const button = make("button", {}, face, make("span", {}, chat.title, make("small", {}, about)));
    button.onclick = () => {
      open = chat.id;
      show();
    };
    const item = make("li", {}, button);
    if (chat.id === open) item.setAttribute("aria-current", "true");
    return item;
  });
  byId("chats").replaceChildren(...items);
}

function show() {
  open ??= state.chats[0]?.id ?? null;
  const chat = state.chats.find(({ id }) => id === open);
  showChats();
  if (byId("person").options.length !== state.people.length) {
    const chosen = byId("person").value;
    const names = state.people.map(({ id, name }) => make("option", { value: id }, name));
    byId("person").replaceChildren(...names);
    if (chosen) byId("person").value = chosen;
  }
  const broken = Object.values(state.violations ?? {}).reduce((sum, one) => sum + one, 0);
  const calls = Object.values(state.calls ?? {}).reduce((sum, one) => sum + one, 0);
  byId("figures").textContent = `${calls} calls, ${broken} beyond a limit`;
  if (!chat) return;
  byId("title").textContent = chat.title;
  byId("face").textContent = chat.title.slice(0, 1);
  byId("about").textContent =
    chat.standing === "member" ? chat.type : `${chat.type}; the bot is ${chat.standing}`;
  const list = byId("messages");
  const stays = isBottom(list);
  const items = chat.messages
    .filter(({ text }) => text !== "")
    .map((message) => {
      const own = message.from.id === person() ? " own" : "";
      const rows = message.keyboard.map((row) => rowOf(chat, message, row));
      return make("li", { className: `message${own}` }, bubbleOf(chat, message), ...rows);
    });
  list.replaceChildren(...items);
  if (stays) list.scrollTop = list.scrollHeight;
}

function tell(before) {
  for (const chat of state.chats)
    for (const { id, toast: now } of chat.messages) {
      const was = before.chats
        .find((one) => one.id === chat.id)
        ?.messages.find((one) => one.id === id)?.toast;
      if (before.version >= 0 && now && now !== was) toast(now);
    }
}

byId("say").onsubmit = async (event) => {
  event.preventDefault();
  const text = byId("text").value;
  if (text.trim() === "") return;
  const { error } = await act("say", {
    chat: open,
    text,
    person: person(),
    ...(replyTo && { reply_to: replyTo }),
  });
  if (error) return toast(error);
  byId("text").value = "";
  answer(null);
};
byId("replying").lastElementChild.onclick = () => answer(null);
byId("person").onchange = show;

setInterval(() => {
  for (const time of document.querySelectorAll("time[data-unix]"))
    time.textContent = instant(Number(time.dataset.unix), time.dataset.format);
}, 1_000);

for (;;) {
  try {
    const before = state;
    const answered = await fetch(`/_/state?after=${state.version}`);
    state = await answered.json();
    state.offset = state.now - Date.now();
    if (state.version !== before.version) {
      show();
      tell(before);
    }
  } catch {
    byId("about").textContent = "the server is gone";
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
