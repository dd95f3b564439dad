// Pictures of the page: eight states, both colour schemes, three widths, as
// `cargo xtask screenshots [STATE...]` makes them in target/screenshots/. With `--vision`, the first
// sight also as people see it whose sight lacks colours.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DESKTOP, PHONE, TABLET, Visits, launch, walked } from "./browser.mjs";
import { STATES, reach } from "./states.mjs";
import { ROOT, serve } from "./server.mjs";

const FOLDER = join(ROOT, "target/screenshots");
const SIGHTS = ["protanopia", "deuteranopia", "tritanopia", "achromatopsia"];

/** Nothing blinks or moves in a picture. */
const STILL = "*, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent !important }";

function choose(words) {
  const pictured = STATES.filter((state) => state.isPictured);
  const names = words.filter((word) => word !== "--vision");
  const stranger = names.find((name) => !pictured.some((state) => state.name === name));
  if (stranger !== undefined) {
    throw new Error(`there is no state "${stranger}"; there are ${pictured.map(({ name }) => name).join(", ")}`);
  }
  return pictured.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** Waits until the chart was drawn in the size that it has: it follows what grows beside it. */
function drawn(page) {
  return page.waitForFunction(() =>
    [...document.querySelectorAll("#bars canvas")].every((canvas) => {
      const { width, height } = canvas.getBoundingClientRect();
      const isNear = (pixels, length) => Math.abs(pixels - length * devicePixelRatio) <= 1;
      return isNear(canvas.width, width) && isNear(canvas.height, height);
    }),
  );
}

async function shoot(page, name) {
  const path = join(FOLDER, `${name}.png`);
  // A dialog fills the window; of all else, the whole page.
  const isDialog = (await page.$("dialog[open]")) !== null;
  // The page leaves this table out while the window is far from it; the camera goes everywhere at once.
  await page.evaluate(() => {
    for (const table of document.querySelectorAll(".operators")) table.style.contentVisibility = "visible";
  });
  await page.screenshot({ path, fullPage: !isDialog, style: STILL, animations: "disabled" });
  return path;
}

async function shootAll(visits, state) {
  for (const window of [PHONE, TABLET, DESKTOP]) {
    const page = await reach(visits, state, window);
    await visits.with(page, async () => {
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await walked(page);
        await drawn(page);
        console.log(await shoot(page, `${state.name}-${window.width}-${colorScheme}`));
      }
    });
  }
}

async function shootSights(visits) {
  const page = await visits.open(DESKTOP);
  await visits.with(page, async () => {
    const session = await page.context().newCDPSession(page);
    for (const type of SIGHTS) {
      await session.send("Emulation.setEmulatedVisionDeficiency", { type });
      console.log(await shoot(page, `first-${DESKTOP.width}-${type}`));
    }
  });
}

async function main() {
  const words = process.argv.slice(2);
  const states = choose(words);
  await mkdir(FOLDER, { recursive: true });
  const site = await serve();
  const browser = await launch();
  const visits = new Visits(browser, site.address);
  try {
    for (const state of states) await shootAll(visits, state);
    if (words.includes("--vision")) await shootSights(visits);
  } finally {
    await browser.close();
    await site.close();
  }
}

main().catch((error) => {
  console.error(`screenshots.mjs: ${error.message}`);
  process.exitCode = 1;
});
