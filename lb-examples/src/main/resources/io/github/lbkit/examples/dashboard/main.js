// The page: it gets a state every second, and each part shows its share of it.
import { byId, micros, rate, setText } from "./text.js";
import * as theme from "./theme.js";
import * as charts from "./charts.js";
import * as servers from "./servers.js";
import * as keyspace from "./keyspace.js";
import * as explain from "./explain.js";
import * as timeline from "./timeline.js";
import * as changes from "./changes.js";
import * as token from "./token.js";
import { follow } from "./live.js";

const ICONS = { good: "✓", warning: "▲", bad: "✕" };

function tile(id, text, bad) {
  const value = byId(id);
  setText(value, text);
  value.parentNode.classList.toggle("bad", Boolean(bad));
}

function overview(state) {
  const { level, headline, details } = state.verdict;
  const desired = state.servers.filter(server => server.condition !== "draining");
  const ready = desired.filter(server => server.condition === "ready").length;
  byId("verdict").className = "verdict " + level;
  setText(byId("verdict-icon"), ICONS[level]);
  setText(byId("headline"), headline);
  setText(byId("details"), details.join(" "));
  setText(byId("pool"), state.pool);
  setText(byId("policy"), state.policy);
  setText(byId("membership"), "version " + state.version + ", " + state.fingerprint
    + (state.ageMillis > 0 ? ", confirmed " + Math.round(state.ageMillis / 1000) + " s ago" : ""));
  document.title = (level === "good" ? "" : ICONS[level] + " ") + headline + " · lbkit";
  tile("tile-ready", ready + " of " + desired.length, ready < desired.length);
  const now = charts.last();
  if (now) {
    tile("tile-requests", rate(now[1]));
    tile("tile-failed", rate(now[2]), now[2] > 0);
    tile("tile-unserved", rate(now[3]), now[3] > 0);
    tile("tile-p50", micros(now[4]));
    tile("tile-p99", micros(now[5]));
  }
}

token.begin();
theme.begin();
charts.begin();
keyspace.begin();
explain.begin();
servers.begin(changes.begin());
follow(state => {
  charts.show(state);
  overview(state);
  changes.show(state);
  servers.show(state);
  keyspace.show(state);
  timeline.show(state);
});
