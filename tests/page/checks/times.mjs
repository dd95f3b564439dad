// How fast the page is there: medians of five visits, each with an empty cache.

import { DESKTOP, PHONE, answered } from "../browser.mjs";
import { atMost, median } from "../rows.mjs";

export const name = "times";
export const about = "row 17: first text in 0.8 s, interactive in 1.5 s; slow phone: largest paint in 2.5 s";

const N_VISITS = 5;

export async function run(visits, { isSmoke }) {
  // Continuous integration's machines are not measured ones: there twice as much is a failure.
  const allowed = isSmoke ? 2 : 1;
  const fast = [];
  for (let visit = 0; visit < N_VISITS; visit += 1) fast.push(await measure(visits, DESKTOP, false));
  const row = (what, of, most) => {
    const all = fast.map(of);
    const spread = all.map((ms) => Math.round(ms)).join(", ");
    return atMost(what, median(all), most * allowed, "ms", spread);
  };
  const rows = [
    row("first paint of content", (times) => times.paint, 800),
    row("verdict in words", (times) => times.verdict, 800),
    row("interactive: charts answer", (times) => times.interactive, 1_500),
    row("first inference answered", (times) => times.answered, 3_000),
  ];
  if (isSmoke) return rows;
  const slow = [];
  for (let visit = 0; visit < N_VISITS; visit += 1) slow.push(await measure(visits, PHONE, true));
  const largest = slow.map((times) => times.largest);
  const spread = largest.map((ms) => Math.round(ms)).join(", ");
  return [...rows, atMost("largest paint, slow phone", median(largest), 2_500, "ms", spread)];
}

async function measure(visits, window, isSlow) {
  const page = await visits.blank(window);
  return visits.with(page, async () => {
    await page.addInitScript(watch);
    const session = await page.context().newCDPSession(page);
    if (isSlow) {
      // A phone of the middle on slow mobile data.
      await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
      await session.send("Network.enable");
      const bytesPerSecond = (1.6 * 1024 * 1024) / 8;
      const line = { offline: false, latency: 150, downloadThroughput: bytesPerSecond, uploadThroughput: bytesPerSecond / 2 };
      await session.send("Network.emulateNetworkConditions", line);
    }
    await page.goto(visits.address);
    await answered(page);
    return page.evaluate(() => {
      globalThis.seen.answered = performance.now();
      return globalThis.seen;
    });
  });
}

/** Notes when the page first shows what. Runs in the page before its scripts. */
function watch() {
  const seen = (globalThis.seen = {});
  const look = () => {
    const now = performance.now();
    if (document.querySelector("#verdict")?.textContent.includes("needed")) seen.verdict ??= now;
    // The charts before that are text alone.
    if (document.querySelector("#app #arena svg .block, #app #arena svg rect")) seen.interactive ??= now;
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  const paints = (list) => {
    for (const entry of list.getEntriesByName("first-contentful-paint")) seen.paint = entry.startTime;
  };
  new PerformanceObserver(paints).observe({ type: "paint", buffered: true });
  const largest = (list) => {
    seen.largest = list.getEntries().at(-1).startTime;
  };
  new PerformanceObserver(largest).observe({ type: "largest-contentful-paint", buffered: true });
}
