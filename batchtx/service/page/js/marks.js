// Marks in source and result: terms of the glossary, and what flags point at.

import { characters, make } from "./dom.js";

const ORDER = ["minor", "major", "critical"];

/** The worst of severities. */
export const worst = (severities) =>
  severities.reduce((one, other) => (ORDER.indexOf(other) > ORDER.indexOf(one) ? other : one), "minor");

/** Ranges of a whole text that its sentences point at: {start, end, kind, severity, flag}. */
export function ranges(details, side) {
  const found = [];
  details.sentences.forEach((sentence, number) => {
    const at = sentence[`${side}_start`];
    sentence.flags.forEach((flag, index) => {
      for (const [start, end] of flag[`${side}_spans`]) {
        const range = { start: at + start, end: at + end, kind: "flag", severity: flag.severity };
        found.push({ ...range, flag: `${number}-${index}` });
      }
    });
    const terms = side === "source" ? sentence.terms : termsInTarget(sentence);
    for (const term of terms) found.push({ start: at + term.start, end: at + term.end, kind: "term" });
  });
  return found.filter((range) => range.end > range.start);
}

/** Where the terms of a sentence stand in its target; a term may have several translations, and endings. */
function termsInTarget(sentence) {
  const found = [];
  for (const term of sentence.terms) {
    for (const target of term.targets) {
      const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${escaped(target)}(?:e?s|'s)?(?![\\p{L}\\p{N}])`, "giu");
      for (const match of sentence.target.matchAll(pattern)) {
        const start = characters(sentence.target.slice(0, match.index)).length;
        found.push({ start, end: start + characters(match[0]).length });
      }
    }
  }
  return found;
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

/** Fills an element with a text in which sentences can be found and ranges are marked. */
export function fill(element, text, marked, sentences = []) {
  const letters = characters(text);
  const cuts = new Set([0, letters.length]);
  for (const { start, end } of [...marked, ...sentences]) cuts.add(start).add(end);
  const places = [...cuts].filter((cut) => cut >= 0 && cut <= letters.length).sort((a, b) => a - b);
  const holders = new Map();
  const nodes = [];
  for (let index = 0; index + 1 < places.length; index += 1) {
    const [start, end] = [places[index], places[index + 1]];
    const piece = markedPiece(letters.slice(start, end).join(""), coverers(marked, start, end));
    const [sentence] = coverers(sentences, start, end);
    if (!sentence) {
      nodes.push(piece);
      continue;
    }
    if (!holders.has(sentence)) {
      holders.set(sentence, make("span", { class: "sentence", "data-sentence": sentence.number }));
      nodes.push(holders.get(sentence));
    }
    holders.get(sentence).append(piece);
  }
  element.replaceChildren(...nodes);
}

const coverers = (all, start, end) => all.filter((one) => one.start <= start && one.end >= end);

function markedPiece(text, covering) {
  if (!covering.length) return document.createTextNode(text);
  const flags = covering.filter((range) => range.kind === "flag");
  const isTerm = covering.some((range) => range.kind === "term");
  const names = [isTerm ? "term" : "", flags.length ? `flag ${worst(flags.map((one) => one.severity))}` : ""];
  return make(
    "mark",
    { class: names.join(" ").trim(), "data-flags": flags.map((one) => one.flag).join(" ") || null },
    text,
  );
}
