// Starts the page's WebAssembly module, which the build names in this script's attributes, and says
// what is wrong when it does not start, in the line under the text that is there until then, or in the "Loading"
// line. Then, once the page is at rest, has offline.js keep what it is made of. A classic script, because only
// those know their own element.
(() => {
  const { js, wasm, offline } = document.currentScript.dataset;
  const at = (path) => new URL(path, document.baseURI).href;
  const start = async () => {
    if (typeof WebAssembly !== "object") throw new Error("this browser has no WebAssembly");
    const { default: init } = await import(at(js));
    await init({ module_or_path: at(wasm) });
  };
  // All that this page has fetched: its workers fetch two more files beside their loader.
  const files = () => {
    const names = performance.getEntriesByType("resource").map(({ name }) => name);
    const loaders = names.filter((name) => name.includes("_loader.js"));
    const ofWorkers = ["", "_bg"].flatMap((part) =>
      loaders.map((name) => name.replace("_loader.js", part === "" ? ".js" : `${part}.wasm`)),
    );
    const home = new URL(".", document.baseURI).href;
    return [...new Set([home, ...names, ...ofWorkers])].filter((name) => name.startsWith(home));
  };
  // `trunk serve` names no such file: whoever works on the page wants no copies of it.
  const keep = async () => {
    await navigator.serviceWorker.register(at(offline));
    const registration = await navigator.serviceWorker.ready;
    let later;
    let isBeginning = true;
    const tell = () => {
      registration.active.postMessage({ files: files(), isBeginning, savesData: navigator.connection?.saveData === true });
      isBeginning = false;
    };
    new PerformanceObserver(() => {
      clearTimeout(later);
      later = setTimeout(tell, 1000);
    }).observe({ type: "resource", buffered: true });
  };
  if (offline && navigator.serviceWorker) {
    addEventListener("load", () => keep().catch((error) => console.debug("the page is not kept for later", error)));
  }
  // The text shows the first sight, and the address asks for another.
  if (document.documentElement.matches(".elsewhere")) document.getElementById("still")?.remove();
  start().catch((error) => {
    console.error(error);
    dispatchEvent(new Event("failed"));
    for (const line of document.querySelectorAll("#starting, #boot")) {
      line.textContent = `The page could not start: ${error.message ?? error}. Reloading may help.`;
    }
  });
})();
