// Watches a document job: by server-sent events, and by asking now and then where there are too many streams.

import { ask } from "./api.js";

/** A browser holds six connections to a host, over all its tabs: the page must not wait for its own streams. */
const MOST_STREAMS = 3;
const ASK_MS = 1500;
const STATES = ["queued", "translating", "done", "error", "cancelled", "removed"];
const ENDS = ["done", "error", "cancelled", "removed"];

let nStreams = 0;

/** Tells every change of a job until it comes to its end; returns what stops that. */
export function watch(path, key, onStatus) {
  let source = null;
  let timer = 0;
  let ended = false;

  function close() {
    if (source) nStreams -= 1;
    source?.close();
    source = null;
    clearTimeout(timer);
  }

  function stop() {
    ended = true;
    close();
    document.removeEventListener("visibilitychange", go);
  }

  function told(status) {
    if (ended) return;
    if (ENDS.includes(status.state)) stop();
    onStatus(status);
  }

  async function look() {
    try {
      told(await ask("GET", `${path}?key=${encodeURIComponent(key)}`));
    } catch (error) {
      if (error.status === 404) told({ state: "removed" });
    }
    if (!ended) timer = setTimeout(go, document.hidden ? 10 * ASK_MS : ASK_MS);
  }

  function listen() {
    nStreams += 1;
    source = new EventSource(`${path}/events?key=${encodeURIComponent(key)}`);
    for (const state of STATES) {
      source.addEventListener(state, (event) => {
        if (event.data) told({ ...JSON.parse(event.data), state });
      });
    }
    source.addEventListener("error", (event) => {
      if (event.data) return; // the state of that name, told by the service
      close();
      if (!ended) look(); // the service says what it is: gone, busy, or on again
    });
  }

  function go() {
    if (ended) return;
    close();
    if (document.hidden || nStreams >= MOST_STREAMS) look();
    else listen();
  }

  document.addEventListener("visibilitychange", go);
  go();
  return stop;
}
