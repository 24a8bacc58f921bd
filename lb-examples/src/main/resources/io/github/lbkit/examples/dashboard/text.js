// Formats of numbers, and creation of elements. Text is always set as text, never as HTML.

export function percent(share) {
  const value = share * 100;
  return (value >= 10 || value === 0 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2)) + " %";
}

export function rate(perSecond) {
  if (perSecond >= 100) return Math.round(perSecond).toLocaleString("en");
  if (perSecond > 0 && perSecond < 10) return perSecond.toFixed(1);
  return String(Math.round(perSecond));
}

export function micros(value) {
  if (value <= 0) return "–";
  if (value < 1000) return value + " µs";
  if (value < 1000000) return (value / 1000).toFixed(value < 10000 ? 1 : 0) + " ms";
  return (value / 1000000).toFixed(1) + " s";
}

export function list(names, most) {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? shown + " and " + (names.length - most) + " more" : shown;
}

export function byId(id) {
  return document.getElementById(id);
}

/** Sets text only if it differs, so that nothing is announced or laid out twice. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

let speaking;

/** Announces a text to screen readers. */
export function say(text) {
  const said = byId("said");
  said.textContent = "";
  clearTimeout(speaking);
  speaking = setTimeout(() => { said.textContent = text; }, 50);
}
