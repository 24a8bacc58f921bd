// The state of the balancer, once per second by server-sent events.
import { byId, setText } from "./text.js";
import { accepted, ask, login } from "./token.js";

const STALE_MILLIS = 4000;
const RETRY_MILLIS = 1000;

/** Names the fields of a server's array; StateJson.java writes them in this order. */
function server([id, condition, weight, share, expected, measured, rate, failed, inFlight, latency, ejections, instance,
  address, generation, ejected, ejectedFor, unhealthy]) {
  return { id, condition, weight, share, expected, measured, rate, failed, inFlight, latency, ejections, instance, address,
    generation, ejected, ejectedFor, unhealthy };
}

export function follow(listener) {
  const live = byId("live");
  let stale;

  function lost() {
    setText(live, "connection lost, reconnecting…");
    live.classList.remove("on");
  }

  function receive(event) {
    const data = event.split("\n").find(line => line.startsWith("data: "));
    if (!data) return;
    const state = JSON.parse(data.slice(6));
    state.servers = state.servers.map(server);
    setText(live, "live");
    live.classList.add("on");
    listener(state);
  }

  async function read(response, watch) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      watch();
      text += value;
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        receive(text.slice(0, end));
        text = text.slice(end + 2);
      }
    }
  }

  // fetch instead of EventSource, which cannot send a token
  async function connect() {
    const connection = new AbortController();
    function watch() {
      clearTimeout(stale);
      stale = setTimeout(() => { lost(); connection.abort(); }, STALE_MILLIS);
    }
    watch();
    try {
      const response = await ask("/events", { cache: "no-store", signal: connection.signal });
      if (response.status === 401) {
        clearTimeout(stale);
        setText(live, "a token is needed");
        login(connect);
        return;
      }
      if (response.ok) {
        accepted();
        await read(response, watch);
      }
    } catch {
      // the connection has ended, or was silent for too long
    }
    clearTimeout(stale);
    lost();
    setTimeout(connect, RETRY_MILLIS);
  }
  connect();
}
