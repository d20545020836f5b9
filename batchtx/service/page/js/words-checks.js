// The names of checks as people read them (docs/quality.md has what each of them says): [English, 中文].

import { language } from "./words.js";

const CHECKS = {
  acronyms: ["acronym", "缩写"],
  blank: ["empty", "空白"],
  brackets: ["brackets", "括号"],
  by_rule: ["translated by rule", "按规则翻译"],
  codes: ["formatting", "格式标记"],
  codes_moved: ["formatting", "格式标记"],
  copied: ["not translated", "未翻译"],
  currencies: ["currency", "货币"],
  doublespacing: ["spaces", "空格"],
  doublewords: ["word twice", "重复的词"],
  endpunc: ["final mark", "句末标点"],
  failed: ["not translated", "未翻译"],
  forced_cut: ["cut in pieces", "强制切分"],
  fullwidth: ["full-width characters", "全角字符"],
  inconsistent: ["inconsistent", "前后不一"],
  invented: ["no such word", "疑似生造词"],
  leftover_han: ["Chinese left", "残留中文"],
  length: ["length", "长度"],
  literal_lost: ["code or address", "代码或网址"],
  low_confidence: ["unsure", "把握不大"],
  negation: ["negation", "否定"],
  numbers: ["numbers", "数字"],
  placeholders: ["code or address", "代码或网址"],
  quotes: ["quotation marks", "引号"],
  repetition: ["repetition", "反复"],
  reused: ["used twice", "译文雷同"],
  runaway: ["ran away", "译文失控"],
  signs: ["sign or unit", "符号或单位"],
  startcaps: ["capital letter", "句首大写"],
  term_forbidden: ["forbidden term", "禁用译法"],
  term_forced: ["term", "术语"],
  term_missed: ["term missing", "缺少术语"],
  term_overused: ["term too often", "术语过多"],
  term_repaired: ["term", "术语"],
  unchanged: ["not translated", "未翻译"],
  unknown: ["unknown sign", "未知符号"],
  weekdays: ["day of the week", "星期"],
};

/** The name of a check; one that another package brought keeps its own. */
export const checkName = (check) => CHECKS[check]?.[language() === "en" ? 0 : 1] ?? check.replaceAll("_", " ");
