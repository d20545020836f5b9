// Documents: handed in by drag and drop or a button, several at once.

import { ask } from "./api.js";
import { $, keep, kept, make } from "./dom.js";
import { addChoice } from "./glossary.js";
import { Job } from "./job.js";
import { number, onLanguage, word } from "./words.js";

const KEPT = "batchtx.documents";
const MIB = 1024 * 1024;

let settings;
let jobs = [];

const remember = () => {
  keep(
    sessionStorage,
    KEPT,
    jobs.filter((job) => job.id).map(({ id, key, name }) => ({ id, key, name })),
  );
};

function add(given) {
  const job = new Job(given, settings, {
    onSettled: remember,
    onGone: () => {
      jobs = jobs.filter((one) => one !== job);
      remember();
      job.element.remove();
      $("pick-button").focus();
    },
    say: (text) => {
      $("documents-said").textContent = text;
    },
  });
  jobs.unshift(job);
  $("jobs").prepend(job.element);
  return job;
}

/** Hands documents in, one after the other; one that is refused says so on its card. */
async function hand(files) {
  const limit = settings.batchtx.uploadLimit;
  for (const [job, file] of files.map((file) => [add({ name: file.name }), file])) {
    if (file.size > limit) {
      job.fail(word("documents.large", { size: number(Math.floor(limit / MIB)) }));
      continue;
    }
    try {
      job.begin(await ask("POST", "/documents", formOf(file)));
      $("documents-said").textContent = word("documents.taken", { name: file.name });
    } catch (error) {
      job.fail(error.message);
    }
  }
}

function formOf(file) {
  const form = new FormData();
  form.set("source", settings.language.source.code);
  form.set("target", settings.language.target.code);
  form.set("sheet", $("sheet-kind").value);
  addChoice(form);
  form.set("file", file, file.name);
  return form;
}

function startDrop() {
  const drop = $("drop");
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault(); // a file that is dropped beside the field does not replace the page
    drop.classList.add("over");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) drop.classList.remove("over");
  });
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    drop.classList.remove("over");
    hand([...event.dataTransfer.files]);
  });
}

function showKinds() {
  const own = settings.batchtx;
  const hours = Math.round((own.timeToLive / 3600) * 10) / 10;
  const values = { size: number(Math.floor(own.uploadLimit / MIB)), hours: number(hours) };
  $("limits").textContent = word("documents.limits", values);
  $("kinds").textContent = settings.supportedFilesFormat.map((kind) => kind.slice(1).toUpperCase()).join(" · ");
}

export function startDocuments(given) {
  settings = given;
  const { sheets } = settings.batchtx;
  $("sheet-kind").append(
    ...sheets.map((suffix) => make("option", { value: suffix.slice(1) }, suffix.slice(1).toUpperCase())),
  );
  $("sheet-kind").value = sheets.includes(".xlsx") ? "xlsx" : sheets[0].slice(1);
  $("pick").accept = settings.supportedFilesFormat.join(",");
  $("pick-button").addEventListener("click", () => $("pick").click());
  $("pick").addEventListener("change", () => {
    const files = [...$("pick").files];
    $("pick").value = "";
    hand(files);
  });
  startDrop();
  for (const one of (kept(sessionStorage, KEPT) ?? []).reverse()) add(one).begin(one);
  onLanguage(() => {
    showKinds();
    for (const job of jobs) job.show();
  });
}
