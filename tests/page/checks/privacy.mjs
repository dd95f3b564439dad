// Privacy: a model that is opened and run goes nowhere, and the page's policy forbids that it could.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DESKTOP, answered, painted, tells } from "../browser.mjs";
import { equal, none } from "../rows.mjs";
import { ROOT } from "../server.mjs";

export const name = "privacy";
export const about = "row 21: no request while a model is opened and run; policy; no cookies";

export async function run(visits) {
  const page = await visits.open(DESKTOP);
  const rows = await visits.with(page, () => openAndRun(page, new URL(visits.address)));
  const other = await visits.open(DESKTOP, "", { mayComplain: true });
  rows.push(await visits.with(other, () => askAnother(other)));
  return rows;
}

/** Opens a model that the page cannot know, runs it and plans it in patches. */
async function openAndRun(page, home) {
  // At rest: the page has fetched the last of the pictures that it keeps for models without samples.
  const isFetched = () => performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/shapes.png"));
  await page.waitForFunction(isFetched);
  await page.waitForLoadState("networkidle");
  const requests = [];
  page.on("request", (request) => {
    // Pictures inside the page are no requests to anybody.
    if (!/^(data|blob):/.test(request.url())) requests.push(request);
  });
  // A known network with more bytes at its end: the page has no card for it.
  const buffer = Buffer.concat([await readFile(join(ROOT, "models/digits.tflite")), Buffer.alloc(16)]);
  await page.setInputFiles("#open-file", { name: "mine.tflite", mimeType: "", buffer });
  await tells(page, "#model", "mine.tflite");
  await page.click("#run:not([disabled])");
  await answered(page);
  await page.click("label[for=plan-patched], #plan-patched");
  await page.click("#run-both:not([disabled])");
  await tells(page, "#same-bytes", "yes");
  await painted(page);
  const tellsSomething = (request) => {
    const { origin, pathname, search } = new URL(request.url());
    const isAtHome = origin === home.origin && pathname.startsWith(home.pathname);
    return !isAtHome || search !== "" || request.method() !== "GET" || request.postData() !== null;
  };
  const name = (request) => `${request.method()} ${request.url().replace(home.href, "")}`;
  const policy = await page.getAttribute("meta[http-equiv=Content-Security-Policy]", "content");
  const directives = policy.split(";").map((part) => part.trim());
  const directive = (name) => directives.find((part) => part.startsWith(`${name} `));
  return [
    none("requests elsewhere, or that say anything", requests.filter(tellsSomething).map(name), 1),
    none("requests at all meanwhile", requests.map(name), 1),
    equal("policy: default-src", directive("default-src"), "default-src 'none'"),
    equal("policy: connect-src", directive("connect-src"), "connect-src 'self'"),
    equal("cookies", (await page.context().cookies()).length, 0),
  ];
}

/** A script of the page that asks another host is refused by the policy. */
async function askAnother(page) {
  const ask = () => {
    document.addEventListener("securitypolicyviolation", (event) => {
      globalThis.refusal = event.effectiveDirective;
    });
    // A request that fails by itself is told by nobody.
    fetch("http://127.0.0.1:9/").then(() => (globalThis.refusal = "nobody: it was fetched"), () => {});
  };
  await page.evaluate(ask);
  const told = page.waitForFunction(() => globalThis.refusal, null, { timeout: 5000 });
  const refusal = await told.then((value) => value.jsonValue(), () => "nobody");
  return equal("another host is refused by", refusal, "connect-src");
}
