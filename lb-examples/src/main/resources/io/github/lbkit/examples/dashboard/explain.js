// The explanation of a key: its server, and the other candidates.
import { byId, element } from "./text.js";
import { ask } from "./token.js";

const MOST = 20;
const REASONS = {
  NOT_READY: "not ready", NO_WEIGHT: "weight 0", OVERRIDDEN: "held back by the operator", UNHEALTHY: "its probes fail",
  EJECTED: "ejected", WARMING_UP: "warming up", AT_CAPACITY: "at its limit", OVERLOADED: "more than its share of the load", TRIED: "tried already",
};

async function explain() {
  const key = byId("key").value;
  const box = byId("explained");
  const response = await ask("/explain?key=" + encodeURIComponent(key)).catch(() => null);
  if (!response || !response.ok) {
    box.replaceChildren(element("p", "", "The balancer gave no explanation."));
    return;
  }
  const why = await response.json();
  const answer = element("p");
  if (why.chosen) {
    answer.append("“" + key + "” goes to ", element("strong", "", why.chosen), ".");
  } else if (why.keyHash) {
    answer.append("No server can take “" + key + "” now.");
  } else {
    answer.append(why.policy + " does not route by key: any of these servers may be chosen.");
  }
  const how = element("p", "note", [why.keyHash ? "hash " + why.keyHash : "", why.position, "policy " + why.policy].filter(Boolean).join(" · "));
  const order = element("ol");
  why.candidates.slice(0, MOST).forEach(candidate => {
    const chosen = candidate.id === why.chosen;
    const item = element("li", candidate.skipped ? "skipped" : chosen ? "chosen" : "", candidate.id);
    if (candidate.skipped) item.append(" — skipped: " + (REASONS[candidate.skipped] || candidate.skipped));
    else if (chosen) item.append(" — chosen");
    else if (why.keyHash) item.append(" — next candidate");
    order.append(item);
  });
  box.replaceChildren(answer, how, order);
  if (why.candidates.length > MOST) box.append(element("p", "note", "and " + (why.candidates.length - MOST) + " more"));
}

export function begin() {
  byId("explain").addEventListener("submit", event => {
    event.preventDefault();
    explain();
  });
}
