// The table of servers. A long table has only the visible rows in the page.
import { byId, element, micros, percent, rate, setText } from "./text.js";

const LONG = 60;
const AHEAD = 6;
const ORDER = ["down", "unhealthy", "ejected", "starting", "held", "draining", "ready"];
const LABELS = { held: "held back" };
const names = new Intl.Collator("en", { numeric: true });
let servers = [];
let shown = [];
let sort = { by: "condition", down: false };
let scale = 1;
let rows = [];
let onChange = () => {};

/** Returns the label of the condition of a server. */
export function label(server) {
  return LABELS[server.condition] || server.condition;
}

/** Returns the reasons against a server: its ejection with the remaining time, and the result of its probes. */
export function why(server) {
  const reasons = [];
  if (server.unhealthy) reasons.push(server.unhealthy);
  if (server.ejected) {
    reasons.push((server.ejectedFor > 0 ? Math.ceil(server.ejectedFor / 1000) + " s left" : "a trial is due") + ": " + server.ejected);
  }
  return reasons.join("; ");
}

function makeRow() {
  const row = element("tr");
  const cells = {};
  for (const [name, tag] of [["name", "th"], ["state", "td"], ["share", "td"], ["rate", "td"], ["fail", "td"], ["flight", "td"], ["lat", "td"], ["eject", "td"], ["act", "td"]]) {
    const cell = element(tag, "c-" + name + (["rate", "fail", "flight", "lat", "eject"].includes(name) ? " c-num" : ""));
    cells[name] = cell;
    row.append(cell);
  }
  cells.name.scope = "row";
  const state = element("span", "state");
  const why = element("small", "why");
  cells.state.append(state, why);
  const share = element("div", "share");
  const track = element("div", "track");
  const fill = element("div", "fill");
  const tick = element("div", "tick");
  track.append(fill, tick);
  track.setAttribute("aria-hidden", "true");
  const text = element("span", "text");
  const measured = element("span");
  const expected = element("small");
  text.append(measured, expected);
  share.append(track, text);
  cells.share.append(share);
  const button = element("button", "", "Change…");
  button.type = "button";
  button.addEventListener("click", () => onChange(made.id));
  cells.act.append(button);
  const made = { row, cells, state, why, fill, tick, measured, expected, button, id: "" };
  return made;
}

function fillRow(made, server, index) {
  if (made.id !== server.id) {
    made.id = server.id;
    setText(made.cells.name, server.id);
    made.cells.name.title = server.id;
    made.button.setAttribute("aria-label", "Change " + server.id);
  }
  made.row.setAttribute("aria-rowindex", index + 2);
  if (made.state.className !== "state " + server.condition) made.state.className = "state " + server.condition;
  setText(made.state, label(server));
  setText(made.why, why(server));
  made.why.title = made.why.textContent;
  made.fill.style.width = Math.min(100, 100 * server.measured / scale) + "%";
  made.tick.style.left = Math.min(100, 100 * server.expected / scale) + "%";
  setText(made.measured, percent(server.measured));
  setText(made.expected, "expected " + percent(server.expected));
  setText(made.cells.rate, rate(server.rate));
  setText(made.cells.fail, rate(server.failed));
  made.cells.fail.classList.toggle("some", server.failed > 0);
  setText(made.cells.flight, String(server.inFlight));
  setText(made.cells.lat, micros(server.latency));
  setText(made.cells.eject, String(server.ejections));
  made.cells.eject.classList.toggle("some", server.condition === "ejected");
}

function compare(a, b) {
  let order = 0;
  if (sort.by === "condition") order = ORDER.indexOf(a.condition) - ORDER.indexOf(b.condition);
  else if (sort.by !== "id") order = a[sort.by] - b[sort.by];
  order = order || names.compare(a.id, b.id) * (sort.down && sort.by !== "id" ? -1 : 1);
  return sort.down ? -order : order;
}

function filter() {
  const wanted = byId("find").value.trim().toLowerCase();
  const unready = byId("unready").checked;
  shown = servers
    .filter(server => (!unready || server.condition !== "ready")
      && (!wanted || server.id.toLowerCase().includes(wanted) || server.address.includes(wanted)))
    .sort(compare);
  setText(byId("servers-note"), servers.length === 0 ? "There are no servers yet."
    : shown.length === servers.length ? "" : shown.length + " of " + servers.length + " servers");
}

function spacer(pixels) {
  const row = element("tr", "spacer");
  const cell = element("td");
  row.setAttribute("aria-hidden", "true");
  row.append(cell);
  cell.style.height = pixels + "px";
  return { row, cell };
}

const above = spacer(0);
const below = spacer(0);

function render() {
  const scroll = byId("scroll");
  const long = shown.length > LONG;
  scroll.classList.toggle("long", long);
  if (long) {
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", "Servers, scrollable");
  } else {
    scroll.removeAttribute("tabindex");
    scroll.removeAttribute("role");
    scroll.removeAttribute("aria-label");
  }
  const height = rows.length ? rows[0].row.offsetHeight || 44 : 44;
  const first = long ? Math.max(0, Math.min(Math.floor(scroll.scrollTop / height) - AHEAD, shown.length - 1)) : 0;
  const count = long ? Math.ceil(scroll.clientHeight / height) + 2 * AHEAD : shown.length;
  const sight = shown.slice(first, first + count);
  while (rows.length < sight.length) rows.push(makeRow());
  const body = byId("rows");
  if (above.row.parentNode !== body) body.append(above.row, below.row);
  sight.forEach((server, i) => {
    fillRow(rows[i], server, first + i);
    if (rows[i].row.parentNode !== body) body.insertBefore(rows[i].row, below.row);
  });
  for (let i = sight.length; i < rows.length; i++) rows[i].row.remove();
  rows.length = Math.min(rows.length, Math.max(sight.length, 1));
  above.cell.style.height = first * height + "px";
  below.cell.style.height = (shown.length - first - sight.length) * height + "px";
  byId("table").setAttribute("aria-rowcount", shown.length + 1);
}

function update() {
  filter();
  render();
}

export function show(state) {
  servers = state.servers;
  scale = Math.max(1e-6, ...servers.map(server => Math.max(server.measured, server.expected))) * 1.05;
  update();
}

export function server(id) {
  return servers.find(one => one.id === id);
}

export function begin(change) {
  onChange = change;
  byId("find").addEventListener("input", update);
  byId("unready").addEventListener("change", update);
  byId("scroll").addEventListener("scroll", () => requestAnimationFrame(render), { passive: true });
  const heads = [...byId("table").querySelectorAll("thead button")];
  function mark() {
    heads.forEach(button => button.parentNode.setAttribute("aria-sort",
      button.dataset.sort !== sort.by ? "none" : sort.down ? "descending" : "ascending"));
  }
  heads.forEach(button => button.addEventListener("click", () => {
    const numbers = !["id", "condition"].includes(button.dataset.sort);
    sort = { by: button.dataset.sort, down: sort.by === button.dataset.sort ? !sort.down : numbers };
    mark();
    update();
  }));
  mark();
}
