// The light or dark theme: that of the system, until the button selects one.
import { byId } from "./text.js";

const ORDER = ["system", "light", "dark"];
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = [];
let choice = read();

function read() {
  try {
    const stored = localStorage.getItem("lbkit-theme");
    return ORDER.includes(stored) ? stored : "system";
  } catch {
    return "system";
  }
}

function apply() {
  const dark = choice === "dark" || (choice === "system" && system.matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  byId("theme").textContent = "Theme: " + choice;
  listeners.forEach(listener => listener());
}

export function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
}

export function onTheme(listener) {
  listeners.push(listener);
}

export function begin() {
  system.addEventListener("change", apply);
  byId("theme").addEventListener("click", () => {
    choice = ORDER[(ORDER.indexOf(choice) + 1) % ORDER.length];
    try { localStorage.setItem("lbkit-theme", choice); } catch { /* the choice then lasts until the page is closed */ }
    apply();
  });
  apply();
}
