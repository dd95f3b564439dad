// Checks the built page: `node check.mjs [--smoke] [NAME...]`, as `cargo xtask check-page` calls it.
// Prints a table of what was measured against its threshold; fails when a row does.

import * as axe from "./checks/axe.mjs";
import * as charts from "./checks/charts.mjs";
import * as figures from "./checks/figures.mjs";
import * as keyboard from "./checks/keyboard.mjs";
import * as large from "./checks/large.mjs";
import * as media from "./checks/media.mjs";
import * as offline from "./checks/offline.mjs";
import * as privacy from "./checks/privacy.mjs";
import * as reflow from "./checks/reflow.mjs";
import * as stability from "./checks/stability.mjs";
import * as still from "./checks/still.mjs";
import * as targets from "./checks/targets.mjs";
import * as times from "./checks/times.mjs";
import { Visits, launch } from "./browser.mjs";
import { OPEN } from "./open.mjs";
import { none } from "./rows.mjs";
import { serve } from "./server.mjs";

/** Times first, while the machine is quiet. */
const CHECKS = [times, stability, still, large, keyboard, privacy, offline, figures, charts, media, targets, reflow, axe];

function choose(words) {
  const isSmoke = words.includes("--smoke");
  const names = words.filter((word) => word !== "--smoke");
  const stranger = names.find((name) => !CHECKS.some((check) => check.name === name));
  if (stranger !== undefined) {
    const all = CHECKS.map((check) => `  ${check.name.padEnd(10)} ${check.about}`).join("\n");
    throw new Error(`there is no check "${stranger}"; there are\n${all}`);
  }
  const checks = CHECKS.filter((check) => names.length === 0 || names.includes(check.name));
  return { isSmoke, checks };
}

async function main() {
  const { isSmoke, checks } = choose(process.argv.slice(2));
  const site = await serve();
  const browser = await launch();
  const visits = new Visits(browser, site.address);
  let n_failed = 0;
  const tell = (all) => {
    const rows = isSmoke ? all.filter((row) => !OPEN.has(row.what)) : all;
    rows.forEach(print);
    n_failed += rows.filter((row) => !row.passes).length;
  };
  try {
    for (const check of checks) {
      const start = performance.now();
      console.log(`\n${check.name}: ${check.about}`);
      tell(await attempt(check, visits, { isSmoke }));
      console.log(`  (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    }
    console.log("\nconsole: row 30, nothing in the consoles of all these visits");
    tell([none("errors and warnings", visits.complaints, checks.length)]);
  } finally {
    await browser.close();
    await site.close();
  }
  console.log(n_failed === 0 ? "\nall rows pass" : `\n${n_failed} rows FAIL`);
  return n_failed === 0 ? 0 : 1;
}

/** A check that ends with an error is a row that fails, and the others go on. */
async function attempt(check, visits, options) {
  try {
    return await check.run(visits, options);
  } catch (error) {
    const detail = String(error.message).split("\n").slice(0, 3).join(" ");
    return [{ what: "ended with an error", measured: "error", threshold: "none", passes: false, detail }];
  }
}

function print({ what, measured, threshold, passes, detail }) {
  const verdict = OPEN.has(what) ? "FAIL, open" : "FAIL";
  const columns = [(passes ? "pass" : verdict).padEnd(10), what.padEnd(52), measured.padStart(14), threshold.padStart(14)];
  console.log(`  ${columns.join("  ")}${detail ? `  ${detail}` : ""}`);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(`check.mjs: ${error.message}`);
    process.exitCode = 2;
  },
);
