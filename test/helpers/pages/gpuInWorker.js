// The GPU device in a worker: `inWorker(mode)`.
globalThis.inWorker = async (mode) => {
  const before = globalThis.GPU;
  const worker = new Worker("/pages/gpuWorker.js", { type: "module" });
  const answer = await new Promise((done, fail) => {
    worker.onmessage = ({ data }) => done(data);
    worker.onerror = ({ message }) => fail(new Error(message));
    worker.postMessage(mode);
  });
  worker.terminate();
  await (await import("/dist/gpu.js")).openGpu({ mode, allowSoftware: true });
  return { ...answer, named: globalThis.GPU !== before };
};
