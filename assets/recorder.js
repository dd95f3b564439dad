// Hands on what the microphone hears, 128 samples at a time. Browsers run what listens in a thread of its
// own, which loads its script from a file.
registerProcessor("recorder", class extends AudioWorkletProcessor {
  process([channels]) {
    if (channels.length) this.port.postMessage(channels[0].slice());
    return true;
  }
});
