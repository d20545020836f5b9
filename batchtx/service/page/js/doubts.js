// The list of what is doubted; each entry can show its place in the translation.

import { $, make } from "./dom.js";
import { word } from "./words.js";
import { checkName } from "./words-checks.js";

const SIGNS = { minor: "○", major: "▲", critical: "■" };
const ORDER = ["critical", "major", "minor"];

/** Fills the list, the worst first, and returns how many there are. */
export function showDoubts(details) {
  const found = details.sentences.flatMap((sentence, index) =>
    sentence.flags.map((flag, place) => ({ sentence, index, flag, id: `${index}-${place}` })),
  );
  found.sort((a, b) => ORDER.indexOf(a.flag.severity) - ORDER.indexOf(b.flag.severity) || a.index - b.index);
  $("doubts-list").replaceChildren(...found.map(entry));
  $("doubts").hidden = !found.length;
  return found.length;
}

function entry({ sentence, index, flag, id }) {
  const excerpt = sentence.target.length > 80 ? `${sentence.target.slice(0, 80)}…` : sentence.target;
  const label = word("doubts.show_label", { text: excerpt });
  return make(
    "li",
    { class: `doubt ${flag.severity}` },
    make(
      "span",
      { class: "severity" },
      make("span", { "aria-hidden": "true", class: "sign" }, SIGNS[flag.severity]),
      word(`severity.${flag.severity}`),
    ),
    make(
      "span",
      { class: "what" },
      make("b", {}, checkName(flag.check)),
      " ",
      make("span", { lang: "en" }, flag.message),
      make("q", { lang: $("result").lang }, excerpt),
    ),
    make(
      "button",
      { type: "button", class: "quiet", "aria-label": label, onclick: () => showPlace(index, id) },
      word("doubts.show"),
    ),
  );
}

function showPlace(index, id) {
  for (const one of document.querySelectorAll(".shown")) one.classList.remove("shown");
  const marks = document.querySelectorAll(`mark[data-flags~="${id}"]`);
  const sentence = $("result").querySelector(`[data-sentence="${index}"]`);
  for (const one of [...marks, ...(sentence ? [sentence] : [])]) one.classList.add("shown");
  const place = [...marks].find((mark) => $("result").contains(mark)) ?? sentence;
  place?.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
