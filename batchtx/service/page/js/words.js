// The words of the page, in its two languages, and which of them is spoken.

import { $ } from "./dom.js";
import { en } from "./words-en.js";
import { zh } from "./words-zh.js";

const TABLES = { en, "zh-Hans": zh };
const listeners = [];

export const language = () => document.documentElement.lang;

/** A phrase with its {places} filled; "" for one that there is not. */
export function word(name, values = {}) {
  const phrase = TABLES[language()][name] ?? "";
  return phrase.replace(/\{(\w+)\}/g, (whole, place) => values[place] ?? whole);
}

/** Numbers as the language writes them. */
export const number = (value) => new Intl.NumberFormat(language()).format(value);

/** The name of a language by its code. */
export function languageName(code) {
  try {
    return new Intl.DisplayNames([language()], { type: "language" }).of(code.split("-")[0]);
  } catch {
    return code;
  }
}

/** Calls back now and whenever another language is chosen. */
export function onLanguage(callback) {
  listeners.push(callback);
  callback();
}

function speak() {
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-word-placeholder]")) {
    element.placeholder = word(element.dataset.wordPlaceholder);
  }
  const button = $("language-button");
  button.textContent = word("language.other");
  button.lang = language() === "en" ? "zh-Hans" : "en";
}

export function startWords() {
  onLanguage(speak);
  $("language-button").addEventListener("click", () => {
    document.documentElement.lang = language() === "en" ? "zh-Hans" : "en";
    try {
      localStorage.setItem("batchtx.language", language());
    } catch {
      // chosen for this page alone
    }
    for (const callback of listeners) callback();
  });
}
