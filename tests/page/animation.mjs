// The patch stage as it sweeps over its input, one picture a patch, as `cargo xtask animation` makes it:
// docs/patch-sweep.png.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { animate } from "./apng.mjs";
import { Visits, launch, painted } from "./browser.mjs";
import { STATES, reach } from "./states.mjs";
import { ROOT, serve } from "./server.mjs";

const FILE = join(ROOT, "docs/patch-sweep.png");
/** Narrow, so that the card holds nothing but the map and its words. */
const WINDOW = { width: 400, height: 900 };
const PATCH_MS = 350;
const LAST_MS = 1500;

/** A frame a patch: whatever is shown and said is what the page shows and says of that patch. */
async function frames(page) {
  const card = await page.waitForSelector("#sweep");
  const count = await page.$eval("#sweep-patch", (slider) => Number(slider.max));
  const taken = [];
  for (let patch = 0; patch < count; patch += 1) {
    await page.$eval(
      "#sweep-patch",
      (slider, value) => {
        slider.value = value;
        slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
      },
      String(patch + 1),
    );
    await page.waitForSelector(`#sweep[data-patch="${patch}"]`);
    await painted(page);
    taken.push({ png: await card.screenshot({ animations: "disabled" }), ms: patch + 1 < count ? PATCH_MS : LAST_MS });
  }
  return taken;
}

async function main() {
  const site = await serve();
  const browser = await launch();
  const visits = new Visits(browser, site.address);
  try {
    const page = await reach(visits, STATES.find(({ name }) => name === "patches"), WINDOW);
    await visits.with(page, async () => {
      const file = animate(await frames(page));
      await writeFile(FILE, file);
      console.log(`${FILE}: ${file.length.toLocaleString("en")} bytes`);
    });
  } finally {
    await browser.close();
    await site.close();
  }
}

main().catch((error) => {
  console.error(`animation.mjs: ${error.message}`);
  process.exitCode = 1;
});
