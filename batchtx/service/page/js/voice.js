// Voice: records from the microphone as WAV and lets the service write it down.

import { ask } from "./api.js";
import { $, tell } from "./dom.js";
import { typeIn } from "./text.js";
import { onLanguage, word } from "./words.js";

const LONGEST_MS = 5 * 60 * 1000;

let settings;
let recording = null;
let busy = false;

function show() {
  const name = busy ? "voice.working" : recording ? "voice.stop" : "voice.start";
  $("voice-button").textContent = word(name);
  $("voice-button").setAttribute("aria-pressed", String(Boolean(recording)));
  $("voice-button").disabled = busy;
}

async function start() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  const context = new AudioContext();
  await context.audioWorklet.addModule("/page/js/recorder.js");
  const node = new AudioWorkletNode(context, "recorder", { numberOfOutputs: 0 });
  const pieces = [];
  node.port.onmessage = ({ data }) => pieces.push(data);
  context.createMediaStreamSource(stream).connect(node);
  const timer = setTimeout(() => finish(), LONGEST_MS - 1000);
  recording = { stream, context, pieces, timer };
  $("said").textContent = word("voice.recording");
}

async function finish() {
  const { stream, context, pieces, timer } = recording;
  recording = null;
  clearTimeout(timer);
  for (const track of stream.getTracks()) track.stop();
  const rate = context.sampleRate;
  await context.close();
  busy = true;
  show();
  try {
    const form = new FormData();
    form.set("language", settings.language.source.code);
    form.set("audio", wav(pieces, rate), "speech.wav");
    const { text } = await ask("POST", "/speech", form);
    $("said").textContent = text ? "" : word("voice.none");
    if (text) typeIn(text);
  } finally {
    busy = false;
  }
}

/** Samples as WAV: one channel, 16 bits. */
function wav(pieces, rate) {
  const n = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const view = new DataView(new ArrayBuffer(44 + 2 * n));
  const letters = (at, text) => [...text].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  letters(0, "RIFF");
  view.setUint32(4, 36 + 2 * n, true);
  letters(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  letters(36, "data");
  view.setUint32(40, 2 * n, true);
  let at = 44;
  for (const piece of pieces) {
    for (const sample of piece) {
      view.setInt16(at, Math.max(-1, Math.min(1, sample)) * 32767, true);
      at += 2;
    }
  }
  return new Blob([view], { type: "audio/wav" });
}

async function toggle() {
  tell($("text-error"), "");
  try {
    await (recording ? finish() : start());
  } catch (error) {
    const denied = ["NotAllowedError", "NotFoundError", "NotReadableError"].includes(error.name);
    tell($("text-error"), denied ? word("voice.denied") : error.message);
  }
  show();
}

/** Offers the button where the service hears and the browser may record (localhost, or https). */
export function startVoice(given) {
  settings = given;
  if (!settings.batchtx.speech || !navigator.mediaDevices || !window.AudioWorkletNode) return;
  $("voice-button").hidden = false;
  $("voice-button").addEventListener("click", toggle);
  onLanguage(show);
}
