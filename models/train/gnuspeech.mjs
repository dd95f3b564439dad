// Speaks the words that it reads as JSON: node gnuspeech.mjs CACHE FOLDER writes FOLDER/0.wav, 1.wav, ...
//
// Each is { word, voice, tempo, pitch (semitones), tract (times the voice's length of the vocal tract) }.

import { readFileSync, writeFileSync } from "node:fs";

const [cache, folder] = process.argv.slice(2);
const { default: load } = await import(`${cache}/node_modules/@echogarden/gnuspeech-wasm/wasm/gnuspeech.js`);
const engine = await load();
const DATA = "/data/en";
const OUT = ["out.wav", "params.txt"];

function replaced(text, field, value) {
  const line = new RegExp(`^${field} = .*$`, "m");
  if (!line.test(text)) throw new Error(`no ${field}`);
  return text.replace(line, `${field} = ${value}`);
}

function textAt(text) {
  const bytes = new TextEncoder().encode(text + "\0");
  const at = engine._malloc(bytes.length);
  engine.HEAPU8.set(bytes, at);
  return at;
}

function read(path) {
  return engine.FS.readFile(path, { encoding: "utf8" });
}

const control = read(`${DATA}/trm_control_model.txt`);
const voices = new Map();

JSON.parse(readFileSync(0)).forEach(({ word, voice, tempo, pitch, tract }, number) => {
  const path = `${DATA}/voice_${voice}.txt`;
  if (!voices.has(voice)) voices.set(voice, read(path));
  const length = Number(/^vocal_tract_length = (.*)$/m.exec(voices.get(voice))[1]);
  engine.FS.writeFile(path, replaced(voices.get(voice), "vocal_tract_length", length * tract));
  let settings = replaced(control, "voice_name", voice);
  settings = replaced(settings, "tempo", tempo);
  settings = replaced(settings, "pitch_offset", pitch);
  // What it draws by itself has no seed.
  settings = replaced(settings, "intonation_drift", 0);
  settings = replaced(settings, "random_intonation", 0);
  engine.FS.writeFile(`${DATA}/trm_control_model.txt`, settings);
  const texts = [`${word}.`, OUT[0], DATA, OUT[1]].map(textAt);
  engine._GnuSpeech_synthesizeToFile(...texts, 0);
  texts.forEach((at) => engine._free(at));
  writeFileSync(`${folder}/${number}.wav`, engine.FS.readFile(OUT[0]));
});
