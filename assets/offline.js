// Lets the page open without a network: a copy of every file that it was made of is kept in this browser
// and used where the network fails, and only there, so that nobody is shown an old page.
const CACHE = "tinyml-playground";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.waitUntil(keep(event.data)));
self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(self.registration.scope)) event.respondWith(answer(event));
});

async function answer(event) {
  // What stands behind the # is the page's own: the file is the same.
  const file = event.request.url.split("#")[0];
  let response;
  try {
    response = await fetch(event.request);
  } catch (error) {
    const kept = await caches.open(CACHE).then((cache) => cache.match(file)).catch(() => undefined);
    if (kept) return kept;
    throw error;
  }
  // A copy that cannot be kept (no room, a part of a file) costs nobody the file.
  if (response.status === 200) {
    const copy = response.clone();
    event.waitUntil(caches.open(CACHE).then((cache) => cache.put(file, copy)).catch(() => undefined));
  }
  return response;
}

// The page tells what it is made of: what is missing is fetched, and files of older versions go. Models and
// their samples keep their names, so theirs stay.
async function keep(urls) {
  const cache = await caches.open(CACHE);
  const kept = new Set((await cache.keys()).map((request) => request.url));
  const add = async (url) => {
    const response = await fetch(url, { cache: "force-cache" });
    if (response.status === 200) await cache.put(url, response);
  };
  await Promise.allSettled(urls.filter((url) => !kept.has(url)).map(add));
  const models = new URL("models/", self.registration.scope).href;
  const isOld = (url) => !urls.includes(url) && !url.startsWith(models);
  await Promise.all([...kept].filter(isOld).map((url) => cache.delete(url)));
}
