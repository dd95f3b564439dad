// The page without a network: whoever has seen it once can open it again, with every sample model.

import { DESKTOP, PATIENCE_MS, answered, tells } from "../browser.mjs";
import { equal, none } from "../rows.mjs";

export const name = "offline";
export const about = "row 22: the page and all samples open and run without a network once it was seen";

export async function run(visits) {
  const page = await visits.open(DESKTOP);
  const rows = await visits.with(page, () => reopened(page));
  const first = await visits.open(DESKTOP);
  rows.push(...(await visits.with(first, () => twoTabs(first))));
  const sparing = await visits.blank(DESKTOP);
  rows.push(await visits.with(sparing, () => savingData(sparing, visits.address)));
  return rows;
}

async function reopened(page) {
  await page.evaluate(kept, PATIENCE_MS);
  // Also after a visit that the service worker has seen from its beginning, at which what is no part of the page goes.
  await page.evaluate(keepStranger);
  await page.reload();
  await answered(page);
  await page.evaluate(goneStranger, PATIENCE_MS);
  await page.evaluate(kept, PATIENCE_MS);
  const verdict = await page.textContent("#verdict");
  const output = await page.getAttribute("#answer", "data-sha256");
  await page.context().setOffline(true);
  const complaints = [];
  page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
  await page.reload();
  await answered(page);
  const rows = [
    equal("offline: the verdict", (await page.textContent("#verdict")) === verdict, true),
    equal("offline: an inference gives the same bytes", (await page.getAttribute("#answer", "data-sha256")) === output, true),
  ];
  // A sample that was never opened, with a picture that was never seen; and a sound.
  for (const key of ["fashion", "keywords"]) {
    await page.click("#samples");
    await page.click(`[data-open=${key}]`);
    await tells(page, "#model", `${key}.tflite`);
    await page.waitForSelector("#judged");
  }
  await page.goto(new URL("index.html", page.url()).href);
  await answered(page);
  rows.push(equal("offline: by its other name", (await page.textContent("#verdict")) === verdict, true));
  rows.push(none("offline: errors in the console", complaints, 1));
  return rows;
}

/** What a tab may still be made of stays while it is open. */
async function twoTabs(first) {
  await first.evaluate(kept, PATIENCE_MS);
  const second = await first.context().newPage();
  await second.goto(first.url());
  await answered(second);
  await second.evaluate(keepStranger);
  await second.evaluate(tellBeginning, PATIENCE_MS);
  const stays = !(await second.evaluate(isWithoutStranger));
  await first.close();
  await second.evaluate(tellBeginning, PATIENCE_MS);
  const goes = await second.evaluate(isWithoutStranger);
  return [equal("a file of another tab stays", stays, true), equal("and goes with that tab", goes, true)];
}

/** Whoever is to save data keeps what was opened alone. */
async function savingData(page, address) {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "connection", { value: { saveData: true } });
    globalThis.told = [];
    const { postMessage } = ServiceWorker.prototype;
    ServiceWorker.prototype.postMessage = function (message) {
      postMessage.call(this, message);
      globalThis.told.push(message);
    };
  });
  await page.goto(address);
  await answered(page);
  await page.waitForFunction(() => globalThis.told.length > 0);
  // Others would come one after the other by now.
  for (let times = 0; times < 10; times += 1) await page.evaluate(tellBeginning, PATIENCE_MS);
  return equal("models kept where data are to be saved", await page.evaluate(countModels), 1);
}

/** A file that is no part of the page is kept. Runs in the page. */
async function keepStranger() {
  const cache = await caches.open("tinyml-playground");
  await cache.put(new URL("no-part-of-the-page.js", document.baseURI).href, new Response("strange"));
}

/** Waits until it is gone. Runs in the page. */
async function goneStranger(patience_ms) {
  const cache = await caches.open("tinyml-playground");
  const start = performance.now();
  while (await cache.match(new URL("no-part-of-the-page.js", document.baseURI).href)) {
    if (performance.now() - start > patience_ms) throw new Error("a strange file is kept");
    await new Promise((next) => requestAnimationFrame(next));
  }
}

/** Whether it is gone. Runs in the page. */
async function isWithoutStranger() {
  const cache = await caches.open("tinyml-playground");
  return !(await cache.match(new URL("no-part-of-the-page.js", document.baseURI).href));
}

/** Tells what the page is made of, as at its beginning, and waits until that is heard. Runs in the page. */
async function tellBeginning(patience_ms) {
  const cache = await caches.open("tinyml-playground");
  // Files go before others are added.
  const last = new URL(`boot.js?${performance.now()}`, document.baseURI).href;
  const names = performance.getEntriesByType("resource").map(({ name }) => name);
  const files = [new URL(".", document.baseURI).href, ...names, last];
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage({ files, isBeginning: true, savesData: true });
  const start = performance.now();
  while (!(await cache.match(last))) {
    if (performance.now() - start > patience_ms) throw new Error("the page is not heard");
    await new Promise((next) => requestAnimationFrame(next));
  }
}

/** How many models are kept. Runs in the page. */
async function countModels() {
  const places = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
  return places.flat().filter(({ url }) => url.endsWith(".tflite")).length;
}

/** Waits until everything that this visit was made of is kept, and all samples. Runs in the page. */
async function kept(patience_ms) {
  const parts = [/\/$/, /\.css$/, /boot\.js$/, /app-\w+_bg\.wasm$/, /worker_\w+_bg\.wasm$/, /fashion\.tflite$/, /cat\.png$/];
  const script = await (await fetch("offline.js")).text();
  const samples = /SAMPLES = "(.*?)"/.exec(script)[1].split(" ");
  const start = performance.now();
  for (;;) {
    const places = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    const names = places.flat().map(({ url }) => new URL(url).pathname);
    const missing = parts.filter((part) => !names.some((name) => part.test(name)));
    missing.push(...samples.filter((sample) => !names.some((name) => name.endsWith(sample))));
    if (missing.length === 0 && navigator.serviceWorker.controller) return;
    if (performance.now() - start > patience_ms) throw new Error(`not kept: ${missing.join(" ")}`);
    await new Promise((next) => requestAnimationFrame(next));
  }
}
