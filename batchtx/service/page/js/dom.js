// Small helpers to find, make and fill elements.

export const $ = (id) => document.getElementById(id);

/** Makes an element: attributes, properties that begin with "on", and children (texts or elements). */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Shows a message in a notice, or hides the notice when there is none. */
export function tell(notice, message) {
  notice.textContent = message || "";
  notice.hidden = !message;
}

/** Characters as people and the service count them, not units of UTF-16. */
export const characters = (text) => Array.from(text);

/** Reads what the browser keeps; null where it keeps nothing. */
export function kept(store, name) {
  try {
    return JSON.parse(store.getItem(name));
  } catch {
    return null;
  }
}

/** Lets the browser keep a value, if it wants to. */
export function keep(store, name, value) {
  try {
    store.setItem(name, JSON.stringify(value));
  } catch {
    // private windows and full stores: the page works without
  }
}
