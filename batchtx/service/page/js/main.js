// Starts the page: asks what the service offers, then lets each part begin.

import { ask } from "./api.js";
import { $, tell } from "./dom.js";
import { startDocuments } from "./documents.js";
import { readGlossaries, startGlossary } from "./glossary.js";
import { startKey } from "./key.js";
import { startText } from "./text.js";
import { startTheme } from "./theme.js";
import { startVoice } from "./voice.js";
import { languageName, onLanguage, startWords, word } from "./words.js";

let health = "";

function showHealth(state) {
  health = state;
  $("health").textContent = state ? word(`health.${state}`) : "";
}

async function watchHealth() {
  try {
    const answer = await fetch("/health");
    showHealth(answer.ok ? "" : "loading");
  } catch {
    showHealth("gone");
  }
  if (health) setTimeout(watchHealth, 1000);
}

function showDirection(settings) {
  const { source, target } = settings.language;
  const values = { source: languageName(source.code), target: languageName(target.code) };
  $("direction").textContent = word("direction", values);
}

async function start() {
  startWords();
  startTheme();
  watchHealth();
  let settings;
  try {
    settings = await ask("GET", "/frontend/settings");
  } catch (error) {
    tell($("text-error"), error.message);
    return;
  }
  startKey(settings.keyRequired, readGlossaries);
  onLanguage(() => showDirection(settings));
  onLanguage(() => showHealth(health));
  startText(settings);
  startDocuments(settings);
  startVoice(settings);
  await startGlossary();
  document.documentElement.dataset.ready = "true";
}

start();
