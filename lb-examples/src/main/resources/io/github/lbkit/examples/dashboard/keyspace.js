// The key space as a drawing: one cell for each of 1,024 equal parts, in the colour of its owner.
import { byId, element, list, percent, setText } from "./text.js";
import { color, onTheme } from "./theme.js";
import { ask } from "./token.js";

const COLORS = 12;
const NAMED = 12;
const WIDE = 64;
let space;
let wanted = "";
let loaded = "";
let highlighted = "";

const RINGS = ["ring", "envoy-ring", "ketama", "assignment"];

export function colorOf(index) {
  return color("c" + index % COLORS);
}

/** Draws the cells in rows, or as a circle for ring policies; cells that do not count are pale. */
export function draw(canvas, owners, policy, counts) {
  const ring = RINGS.includes(policy);
  const width = canvas.clientWidth || 400;
  const scale = devicePixelRatio || 1;
  const tall = owners.length / WIDE;
  const height = ring ? Math.min(width, 340) : Math.round(width / WIDE) * tall;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.height = height + "px";
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const size = width / WIDE;
  owners.forEach((owner, i) => {
    pen.globalAlpha = counts(i) ? 1 : 0.13;
    pen.fillStyle = owner < 0 ? color("line") : colorOf(owner);
    if (ring) {
      arc(pen, width / 2, height / 2, height / 2 - 4, i / owners.length, (i + 1) / owners.length);
    } else {
      pen.fillRect((i % WIDE) * size, Math.floor(i / WIDE) * height / tall, size - .5, height / tall - .5);
    }
  });
}

function arc(pen, x, y, radius, from, to) {
  const start = 2 * Math.PI * from - Math.PI / 2;
  const end = 2 * Math.PI * to - Math.PI / 2 + 0.002;
  pen.beginPath();
  pen.arc(x, y, radius, start, end);
  pen.arc(x, y, radius * 0.62, end, start, true);
  pen.closePath();
  pen.fill();
}

function drawAll() {
  if (space && space.before.length) {
    const at = space.servers.indexOf(highlighted);
    draw(byId("space"), space.before, space.policy, i => at < 0 || space.before[i] === at);
  }
}

function highlight(id) {
  highlighted = highlighted === id ? "" : id;
  byId("legend").querySelectorAll("button").forEach(button =>
    button.setAttribute("aria-pressed", String(button.dataset.id === highlighted)));
  byId("highlight").value = highlighted;
  drawAll();
}

function legend() {
  const legend = byId("legend");
  const select = byId("highlight");
  legend.replaceChildren();
  select.replaceChildren(new Option("none", ""));
  const few = space.servers.length <= NAMED;
  byId("highlight-field").hidden = few || !space.servers.length;
  const counts = new Map();
  space.before.forEach(owner => counts.set(owner, (counts.get(owner) || 0) + 1));
  space.servers.forEach((id, index) => {
    if (few) {
      const item = element("li");
      const button = element("button");
      button.type = "button";
      button.dataset.id = id;
      const swatch = element("span", "swatch");
      swatch.style.background = colorOf(index);
      button.append(swatch, id);
      button.title = "Show the keys of " + id;
      button.setAttribute("aria-pressed", String(id === highlighted));
      button.addEventListener("click", () => highlight(id));
      item.append(button);
      legend.append(item);
    } else {
      select.append(new Option(id, id));
    }
  });
  if (!space.servers.includes(highlighted)) highlighted = "";
  select.value = highlighted;
}

async function load(version) {
  const response = await ask("/keyspace");
  if (!response.ok) return;
  space = await response.json();
  loaded = version;
  const canvas = byId("space");
  canvas.hidden = !space.before.length;
  if (!space.before.length) {
    setText(byId("space-text"), space.policy + " does not route by key: any request goes to any server, by weight.");
    byId("legend").replaceChildren();
    byId("highlight-field").hidden = true;
    return;
  }
  legend();
  drawAll();
}

/** Shows the share of each owner, and draws again when the members change. */
export function show(state) {
  wanted = state.fingerprint;
  if (wanted !== loaded) {
    loaded = wanted; // one request for each change, even if it fails
    load(wanted).catch(() => { loaded = ""; });
  }
  if (space && space.before.length) {
    const owning = state.servers.filter(server => server.share > 0).sort((a, b) => b.share - a.share);
    setText(byId("space-text"), "Each cell is 1/1,024 of all keys" + (RINGS.includes(space.policy) ? ", in ring order. " : ", in order of their hash. ")
      + (owning.length <= 6 ? list(owning.map(server => server.id + " owns " + percent(server.share)), 6) + "."
        : owning.length + " servers own between " + percent(owning[owning.length - 1].share) + " and " + percent(owning[0].share) + "."));
  }
}

export function begin() {
  onTheme(() => { if (space && space.before.length) { legend(); drawAll(); } });
  byId("highlight").addEventListener("change", event => { highlighted = ""; highlight(event.target.value); });
  new ResizeObserver(drawAll).observe(byId("space").parentNode);
}
