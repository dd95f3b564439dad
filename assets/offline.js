// Lets the page open without a network: a copy of every file that it was made of, and of all sample models with
// their inputs, is kept in this browser and used where the network fails, and only there, so that nobody is shown an
// old page.
const CACHE = "tinyml-playground";
// The build writes the samples' files and a hash of them here: other samples have another place.
const SAMPLES = [];
const SAMPLES_CACHE = "tinyml-playground-samples-0";

const HOME = new URL(".", self.location).href;
const samples = new Set(SAMPLES.map((path) => new URL(path, HOME).href));
const placeOf = (file) => caches.open(samples.has(file) ? SAMPLES_CACHE : CACHE);
let keepingSamples;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.waitUntil(keep(event.data)));
self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(HOME)) event.respondWith(answer(event));
});

// What stands behind the # is the page's own: the file is the same. So is the page by its other names.
function fileOf({ url, mode }) {
  const file = url.split("#")[0];
  return mode === "navigate" ? file.split("?")[0].replace(/\/index\.html$/, "/") : file;
}

async function answer(event) {
  const file = fileOf(event.request);
  let response;
  try {
    response = await fetch(event.request);
  } catch {
    const kept = await caches.match(file).catch(() => undefined);
    return kept ?? Response.error();
  }
  // A copy that cannot be kept (no room, a part of a file) costs nobody the file.
  if (response.status === 200) {
    const copy = response.clone();
    event.waitUntil(placeOf(file).then((cache) => cache.put(file, copy)).catch(() => undefined));
  }
  return response;
}

// A page tells what it is made of: what is missing is fetched. At its beginning it is the newest page, and the
// files of older ones go, but not those that another tab may still be made of.
async function keep({ files, isBeginning, savesData }) {
  const cache = await caches.open(CACHE);
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (isBeginning && windows.filter(({ url }) => url.startsWith(HOME)).length < 2) {
    const kept = (await cache.keys()).map(({ url }) => url);
    await Promise.all(kept.filter((url) => !files.includes(url)).map((url) => cache.delete(url)));
  }
  await Promise.allSettled(files.map((file) => add(file, "force-cache")));
  if (savesData) return;
  // What the network does not give now comes with the next visit.
  keepingSamples ??= keepSamples().catch(() => undefined).finally(() => (keepingSamples = undefined));
  await keepingSamples;
}

async function add(file, cache) {
  const place = await placeOf(file);
  if (await place.match(file)) return;
  const response = await fetch(file, { cache, priority: "low" });
  if (response.status === 200) await place.put(file, response);
}

// One after the other, so that whatever is opened meanwhile comes first. Then older ones go.
async function keepSamples() {
  for (const file of samples) await add(file, "no-cache");
  const isOld = (name) => name.startsWith(`${CACHE}-samples-`) && name !== SAMPLES_CACHE;
  await Promise.all((await caches.keys()).filter(isOld).map((name) => caches.delete(name)));
}
