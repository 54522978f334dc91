// The script of workers, which dies of the kernel MORTAL_KERNEL.
const { Instance } = WebAssembly;
WebAssembly.Instance = class {
  constructor(module, imports) {
    const { exports } = new Instance(module, imports);
    this.exports = { ...exports, [process.env.MORTAL_KERNEL]: () => process.exit(7) };
  }
};
await import("../../../dist/worker.js");
