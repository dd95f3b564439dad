// Starts the page's WebAssembly module, which the build names in this script's attributes, and says
// in the page's "Loading" line what is wrong when it does not start. A classic script, because only
// those know their own element.
(() => {
  const { js, wasm } = document.currentScript.dataset;
  const at = (path) => new URL(path, document.baseURI).href;
  const start = async () => {
    if (typeof WebAssembly !== "object") throw new Error("this browser has no WebAssembly");
    const { default: init } = await import(at(js));
    await init({ module_or_path: at(wasm) });
  };
  start().catch((error) => {
    console.error(error);
    const line = document.getElementById("boot");
    if (line) line.textContent = `The page could not start: ${error.message ?? error}. Reloading may help.`;
  });
})();
