// The state of everything, once a second by server-sent events.
import { byId, setText } from "./text.js";

const STALE_MILLIS = 4000;

/** The fields of a server's array, in the order in which they come. */
function server([id, condition, weight, share, expected, measured, rate, failed, inFlight, latency, ejections, instance,
  address, generation, ejected, ejectedFor, unhealthy]) {
  return { id, condition, weight, share, expected, measured, rate, failed, inFlight, latency, ejections, instance, address,
    generation, ejected, ejectedFor, unhealthy };
}

export function follow(listener) {
  const live = byId("live");
  let stale;
  const events = new EventSource("/events");
  events.addEventListener("state", event => {
    const state = JSON.parse(event.data);
    state.servers = state.servers.map(server);
    setText(live, "live");
    live.classList.add("on");
    clearTimeout(stale);
    stale = setTimeout(lost, STALE_MILLIS);
    listener(state);
  });
  events.addEventListener("error", lost);
  function lost() {
    setText(live, "connection lost, trying again…");
    live.classList.remove("on");
    // after an answer that is no stream, browsers give up; this page does not
    if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000);
  }
}
