// A static file server for the built page, as plain as the hosts that it must work on: under a sub-path,
// packed where the browser takes that, one folder, no directory listings.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** The repository's root. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Any folder but the root, so that absolute addresses show as failures. */
const SUB_PATH = "/some/where/";

const MEDIA_TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};
const PACKED = new Set([".html", ".js", ".css", ".wasm", ".svg"]);

/** Serves `folder` on a free port of this machine; `address` is the page's, `close` ends it. */
export async function serve(folder = process.env.DIST ?? join(ROOT, "dist")) {
  const bodies = new Map();
  const read = async (name) => {
    if (!bodies.has(name)) {
      const body = await readFile(join(folder, name));
      bodies.set(name, { body, packed: PACKED.has(extname(name)) ? gzipSync(body) : null });
    }
    return bodies.get(name);
  };
  await read("index.html").catch(() => {
    throw new Error(`there is no page in ${folder}: run \`cargo xtask build\` first`);
  });
  const server = createServer((request, response) => {
    answer(request, response, read).catch(() => response.writeHead(404).end("not found"));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const address = `http://127.0.0.1:${server.address().port}${SUB_PATH}`;
  const close = () => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  };
  return { address, close };
}

async function answer(request, response, read) {
  const { pathname } = new URL(request.url, "http://127.0.0.1");
  if (!pathname.startsWith(SUB_PATH)) throw new Error("outside of the page's folder");
  const name = normalize(decodeURIComponent(pathname.slice(SUB_PATH.length)) || "index.html");
  if (name.split(sep).includes("..")) throw new Error("outside of the page's folder");
  const { body, packed } = await read(name);
  const isPacked = packed !== null && /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
  const headers = { "Content-Type": MEDIA_TYPES[extname(name)] ?? "application/octet-stream" };
  if (isPacked) headers["Content-Encoding"] = "gzip";
  response.writeHead(200, headers).end(isPacked ? packed : body);
}
