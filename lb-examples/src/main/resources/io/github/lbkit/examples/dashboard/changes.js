// Adding, draining, replacing and removing servers. Each action shows its plan before it is confirmed.
import { byId, element, list, percent, say, setText } from "./text.js";
import { draw } from "./keyspace.js";
import { label, server as find, why } from "./servers.js";
import { ask, keep } from "./token.js";

const MOVES = 8;
let asked = 0;
let current;
let managed = false;

async function call(method, path, body) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  const response = await ask(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const answer = await response.json().catch(() => ({}));
  if (response.status === 401) {
    byId("dialog-token-field").hidden = false;
    byId("dialog-token").focus();
    throw new Error("This needs the token of the balancer's operator.");
  }
  if (!response.ok) {
    const message = typeof answer.message === "string" ? answer.message.replace("<Error> ", "")
      : answer.message && answer.message.failed ? answer.message.failed.map(server => server.id + ": " + server.reason).join("; ")
      : "the balancer answered " + response.status;
    throw new Error(message);
  }
  return answer;
}

function query(name, ids) {
  return ids.map(id => name + "=" + encodeURIComponent(id)).join("&");
}

function moves(plan) {
  const items = plan.moves.slice(0, MOVES).map(move => element("li", "",
    percent(move.share) + " of all keys: " + (move.from || "no server") + " → " + (move.to || "no server")));
  if (plan.moves.length > MOVES) items.push(element("li", "", "and " + (plan.moves.length - MOVES) + " smaller moves"));
  return items;
}

async function showMoves(plan, parameters) {
  byId("dialog-moves").replaceChildren(...moves(plan));
  const response = await ask("/keyspace?" + parameters);
  if (!response.ok) return;
  const space = await response.json();
  const canvas = byId("dialog-space");
  canvas.hidden = !space.before.length;
  if (space.before.length) draw(canvas, space.after, space.policy, i => space.before[i] !== space.after[i]);
}

function moved(plan) {
  return plan.moves.length ? percent(plan.movedShare) + " of all keys get another server; the others keep theirs."
    : "No key changes its server.";
}

/** The actions for one server: each has a plan, and a request that carries it out. */
const ACTIONS = {
  drain: {
    label: "Drain", text: "The server gets no new requests, and finishes those in flight. It keeps running.", can: server => !["held", "draining"].includes(server.condition),
    async plan(id) {
      const share = find(id)?.share || 0;
      return { text: "No key changes its owner. While " + id + " is held back, its " + percent(share) + " of the keys go to their next candidates; they return when you resume it." };
    },
    run: id => call("PUT", "/servers/" + encodeURIComponent(id), { override: "DRAIN" }), done: id => id + " gets no new requests.",
  },
  resume: {
    label: "Resume", text: "The server gets requests again.", can: server => server.condition === "held",
    plan: async id => ({ text: "The keys that " + id + " owns, " + percent(find(id)?.share || 0) + " of all, return to it." }),
    run: id => call("PUT", "/servers/" + encodeURIComponent(id), { override: "NONE" }), done: id => id + " gets requests again.",
  },
  readmit: {
    label: "Readmit", text: "The ejection ends now, and the server gets requests again.", can: server => Boolean(server.ejected),
    plan: async id => ({ text: "No key changes its owner. " + id + " gets its requests again, before its ejection is over. Its earlier failures no longer count." }),
    run: id => call("POST", "/servers/" + encodeURIComponent(id) + "/readmit", {}), done: id => id + " is back from its ejection.",
  },
  replace: {
    label: "Replace", text: "A new instance gets the same name; the old one serves until the new one is ready.", can: () => managed,
    plan: async id => ({ text: "No key changes its server: the new instance of " + id + " has the old one's name. The old one drains once the new one is ready." }),
    run: id => call("POST", "/servers/" + encodeURIComponent(id) + "/replace", {}), done: id => id + " runs a new instance.",
  },
  remove: {
    label: "Remove", text: "The server drains, stops, and leaves the pool.", danger: true, can: () => managed,
    async plan(id) {
      const answer = await call("DELETE", "/rm?dryRun=true", { n: 1, hostnames: [id] });
      return { text: "Without " + id + ", " + moved(answer.message.plan), plan: answer.message.plan, parameters: query("remove", [id]) };
    },
    run: id => call("DELETE", "/rm", { n: 1, hostnames: [id] }), done: id => id + " was removed.",
  },
};

function names() {
  return byId("dialog-ids").value.split(",").map(name => name.trim()).filter(Boolean);
}

const ADD = {
  label: "Add",
  async plan() {
    const ids = names();
    const count = Math.max(Number(byId("dialog-count").value) || 1, ids.length);
    const before = (await call("GET", "/rep")).message.replicas;
    const answer = await call("POST", "/add?dryRun=true", { n: count, hostnames: ids });
    // random names are kept, so that the change matches the plan
    const joining = answer.message.replicas.filter(id => !before.includes(id));
    return { text: "With " + list(joining, 5) + ", " + moved(answer.message.plan), plan: answer.message.plan, parameters: query("add", joining), joining };
  },
  run: (id, planned) => call("POST", "/add", { n: planned.joining.length, hostnames: planned.joining }),
  done: (id, planned) => list(planned.joining, 5) + (planned.joining.length === 1 ? " was added." : " were added."),
};

async function preview() {
  const mine = ++asked;
  const { action, id } = current;
  const button = byId("dialog-do");
  button.disabled = true;
  setText(byId("dialog-answer"), "");
  setText(byId("dialog-text"), "Loading the plan…");
  byId("dialog-moves").replaceChildren();
  byId("dialog-space").hidden = true;
  try {
    const planned = await action.plan(id);
    if (mine !== asked) return;
    current.planned = planned;
    setText(byId("dialog-text"), planned.text);
    if (planned.plan) await showMoves(planned.plan, planned.parameters);
    if (mine === asked) button.disabled = false;
  } catch (refused) {
    if (mine !== asked) return;
    setText(byId("dialog-text"), "");
    setText(byId("dialog-answer"), refused.message);
    // the same button retries with the token
    button.disabled = byId("dialog-token-field").hidden;
  }
}

async function run() {
  const { action, id } = current;
  const button = byId("dialog-do");
  if (byId("dialog-token").value) keep(byId("dialog-token").value);
  if (!current.planned) {
    await preview();
    return;
  }
  button.disabled = true;
  setText(button, action.label + "…");
  setText(byId("dialog-answer"), "");
  say(action.label + ": under way.");
  try {
    await action.run(id, current.planned);
    say(action.done(id, current.planned));
    byId("dialog").close();
  } catch (refused) {
    setText(byId("dialog-answer"), refused.message);
    button.disabled = false;
  }
  setText(button, name());
}

function name() {
  return current.action.label + (current.id ? " " + current.id : "");
}

function choose(action) {
  current.action = action;
  current.planned = undefined;
  const button = byId("dialog-do");
  setText(button, name());
  button.classList.toggle("danger", Boolean(action.danger));
  preview();
}

function open(title, id) {
  current = { id };
  setText(byId("dialog-title"), title);
  byId("dialog-names").hidden = Boolean(id);
  byId("dialog-choices").hidden = !id;
  byId("dialog-facts").hidden = !id;
  byId("dialog").showModal();
}

function openServer(id) {
  const server = find(id);
  if (!server) return;
  open(id, id);
  const facts = [["State", label(server)], ["Instance", server.instance || "none"], ["Address", server.address || "none"], ["Weight", String(server.weight)]];
  if (why(server)) facts.splice(1, 0, ["Reason", why(server)]);
  byId("dialog-facts").replaceChildren(...facts.map(([term, value]) => {
    const pair = element("div");
    pair.append(element("dt", "", term), element("dd", "", value));
    return pair;
  }));
  const choices = byId("dialog-choices");
  choices.querySelectorAll("label").forEach(label => label.remove());
  const possible = Object.entries(ACTIONS).filter(([, action]) => action.can(server));
  possible.forEach(([key, action], i) => {
    const label = element("label");
    const radio = element("input");
    radio.type = "radio";
    radio.name = "action";
    radio.value = key;
    radio.checked = i === 0;
    radio.addEventListener("change", () => choose(action));
    label.append(radio, " " + action.label, element("small", "", action.text));
    choices.append(label);
  });
  if (possible.length) {
    choices.querySelector("input").focus();
    choose(possible[0][1]);
  }
}

function openAdd() {
  open("Add servers", "");
  byId("dialog-count").value = "1";
  byId("dialog-ids").value = "";
  byId("dialog-ids").focus();
  choose(ADD);
}

export function show(state) {
  managed = state.managed;
  byId("add").hidden = !managed;
}

export function begin() {
  let typing;
  function later() {
    byId("dialog-do").disabled = true;
    current.planned = undefined;
    clearTimeout(typing);
    typing = setTimeout(preview, 250);
  }
  byId("add").addEventListener("click", openAdd);
  byId("dialog-count").addEventListener("input", later);
  byId("dialog-ids").addEventListener("input", later);
  byId("dialog-form").addEventListener("submit", event => {
    event.preventDefault();
    if (!byId("dialog-do").disabled) run();
  });
  byId("dialog-cancel").addEventListener("click", () => byId("dialog").close());
  byId("dialog-close").addEventListener("click", () => byId("dialog").close());
  byId("dialog").addEventListener("close", () => { asked++; });
  return openServer;
}
