// The operator's token, kept only for this tab. It is typed in, or taken from the address (#token=…), which is then cleared.
import { byId } from "./text.js";

const KEY = "lbkit-admin-token";
let token = "";
let retry;

/** Keeps the token for later requests of this tab. */
export function keep(value) {
  token = value.trim();
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    // without storage, the token lasts until the page is closed
  }
}

/** Calls fetch with the token. */
export function ask(path, options = {}) {
  const headers = { ...options.headers };
  if (token) headers.Authorization = "Bearer " + token;
  return fetch(path, { ...options, headers });
}

/** Asks for a token, and calls back when it is entered. */
export function login(whenKnown) {
  retry = whenKnown;
  byId("login-note").textContent = token ? "The balancer refuses this token." : "The balancer shows its state only with its token.";
  byId("login").hidden = false;
  byId("login-token").focus();
}

/** Hides the form. */
export function accepted() {
  byId("login").hidden = true;
  byId("login-token").value = "";
}

export function begin() {
  try {
    token = sessionStorage.getItem(KEY) || "";
  } catch {
    // without storage there is no earlier token
  }
  const given = location.hash.match(/^#token=(.+)$/);
  if (given) {
    keep(decodeURIComponent(given[1]));
    history.replaceState(null, "", location.pathname + location.search);
  }
  byId("login").addEventListener("submit", event => {
    event.preventDefault();
    keep(byId("login-token").value);
    retry();
  });
}
