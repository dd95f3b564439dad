// The page without a network: whoever has seen it once can open it again, with the model that it began with.

import { DESKTOP, PATIENCE_MS, answered } from "../browser.mjs";
import { equal } from "../rows.mjs";

export const name = "offline";
export const about = "row 22: the page opens and runs without a network once it was seen";

export async function run(visits) {
  const page = await visits.open(DESKTOP, "", { mayComplain: true });
  return visits.with(page, () => reopened(page));
}

async function reopened(page) {
  await page.evaluate(kept, PATIENCE_MS);
  // Also after a visit that the service worker has seen from its beginning.
  await page.reload();
  await answered(page);
  await page.evaluate(told, PATIENCE_MS);
  await page.evaluate(kept, PATIENCE_MS);
  const verdict = await page.textContent("#verdict");
  const output = await page.getAttribute("#answer", "data-sha256");
  await page.context().setOffline(true);
  await page.reload();
  await answered(page);
  return [
    equal("offline: the verdict", (await page.textContent("#verdict")) === verdict, true),
    equal("offline: an inference gives the same bytes", (await page.getAttribute("#answer", "data-sha256")) === output, true),
  ];
}

/** Waits until the page has told what it is made of once more, and what is no part of it is gone. Runs in the page. */
async function told(patience_ms) {
  const strange = new URL("no-part-of-the-page.js", document.baseURI).href;
  const cache = await caches.open("tinyml-playground");
  await cache.put(strange, new Response("strange"));
  // A request makes the page tell it, once requests have come to rest.
  await fetch("boot.js?again");
  const start = performance.now();
  while (await cache.match(strange)) {
    if (performance.now() - start > patience_ms) throw new Error("a strange file is kept");
    await new Promise((next) => requestAnimationFrame(next));
  }
}

/** Waits until everything that this visit was made of is kept. Runs in the page. */
async function kept(patience_ms) {
  const parts = [/\/$/, /\.css$/, /boot\.js$/, /app-\w+_bg\.wasm$/, /worker_\w+_bg\.wasm$/, /\.tflite$/, /\.png$/];
  const start = performance.now();
  for (;;) {
    const cache = await caches.open("tinyml-playground");
    const names = (await cache.keys()).map(({ url }) => new URL(url).pathname);
    const missing = parts.filter((part) => !names.some((name) => part.test(name)));
    if (missing.length === 0 && navigator.serviceWorker.controller) return;
    if (performance.now() - start > patience_ms) throw new Error(`not kept: ${missing.join(" ")}`);
    await new Promise((next) => requestAnimationFrame(next));
  }
}
