// Asks the service; failures become errors whose message can be shown.

import { askForKey, forgetKey, key } from "./key.js";
import { word } from "./words.js";

/** A failure told in words of the page's language, with what the service itself said. */
export class ApiError extends Error {
  constructor(status, said, body) {
    super(inWords(status, said));
    this.status = status;
    this.said = said;
    this.body = body;
  }
}

function inWords(status, said) {
  const known = word(`error.${status}`);
  const general = known || word(status >= 500 ? "error.500" : status ? "error.400" : "error.0");
  return said && status ? `${general}${word("error.colon")}${said.replace(/^Invalid request: /, "")}` : general;
}

/**
 * Asks a path and returns the JSON of its answer. A plain object goes as JSON, a FormData as it is; the key is
 * asked for where the service wants one, and the question put again.
 */
export async function ask(method, path, body, options = {}) {
  const answer = await sent(method, path, body, options);
  const found = await answer.json().catch(() => ({}));
  if (answer.ok) return found;
  const said = found.error || found.message || "";
  if (answer.status === 403 && /API key/.test(said)) {
    forgetKey();
    if (await askForKey(/^Invalid/.test(said))) return ask(method, path, body, options);
  }
  throw new ApiError(answer.status, typeof said === "string" ? said : "", found);
}

async function sent(method, path, body, { signal } = {}) {
  const headers = {};
  if (key()) headers.Authorization = `Bearer ${key()}`;
  let content = body;
  if (body && !(body instanceof FormData)) {
    headers["Content-Type"] = "application/json";
    content = JSON.stringify(body);
  }
  try {
    return await fetch(path, { method, headers, body: content, signal, credentials: "omit" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, "");
  }
}
