// The API key: asked for when the service wants one, kept until the tab is closed.

import { $, tell } from "./dom.js";
import { word } from "./words.js";

const NAME = "batchtx.key";
let current = read();
let waiting = null;

function read() {
  try {
    return sessionStorage.getItem(NAME) || "";
  } catch {
    return "";
  }
}

export const key = () => current;

export function forgetKey() {
  current = "";
  try {
    sessionStorage.removeItem(NAME);
  } catch {
    // not kept, so nothing to forget
  }
}

/** Asks the person for the key; all who wait get the same answer: whether there is one now. */
export function askForKey(wasWrong = false) {
  if (!waiting) {
    tell($("key-error"), wasWrong ? word("key.wrong") : "");
    $("key-input").value = "";
    if (!$("key-dialog").open) $("key-dialog").showModal();
    waiting = new Promise((resolve) => {
      $("key-dialog").addEventListener("close", () => resolve(Boolean(current)), { once: true });
    }).finally(() => {
      waiting = null;
    });
  }
  return waiting;
}

export function startKey(needed, onKey) {
  $("key-button").hidden = !needed;
  $("key-button").addEventListener("click", () => askForKey().then((given) => given && onKey()));
  $("key-cancel").addEventListener("click", () => $("key-dialog").close());
  $("key-form").addEventListener("submit", () => {
    current = $("key-input").value.trim();
    try {
      sessionStorage.setItem(NAME, current);
    } catch {
      // kept in this page alone
    }
  });
}
