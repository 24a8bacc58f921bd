// The newest failures, recoveries and changes.
import { byId, element, say } from "./text.js";

const WORDS = { failure: "failure", recovery: "recovery", change: "change" };
const LONG = 140;
let newest = -1;
let first = true;

function item([, at, kind, server, text]) {
  const made = element("li");
  const icon = element("span", kind);
  icon.append(element("span", "hidden", WORDS[kind]));
  const time = element("time", "", new Date(at).toLocaleTimeString("en-GB"));
  time.dateTime = new Date(at).toISOString();
  const what = element("span");
  what.append(element("strong", "", server), " " + (text.length > LONG ? text.slice(0, LONG) + "…" : text));
  what.title = text;
  made.append(icon, time, what);
  return made;
}

export function show(state) {
  const top = state.events.length ? state.events[0][0] : -1;
  if (top === newest && !first) return;
  const list = byId("timeline");
  if (state.events.length) list.replaceChildren(...state.events.map(item));
  else list.replaceChildren(element("li", "empty", "Nothing has happened yet."));
  if (!first) {
    const news = state.events.filter(event => event[0] > newest && event[2] !== "change").slice(0, 3);
    if (news.length) say(news.map(([, , , server, text]) => server + " " + text).join(". "));
  }
  newest = top;
  first = false;
}
