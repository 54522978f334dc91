// The script of workers, which dies at the end of the kernel MORTAL_KERNEL: its unit is done again.
const { Instance } = WebAssembly;
WebAssembly.Instance = class {
  constructor(module, imports) {
    const { exports } = new Instance(module, imports);
    const kernel = exports[process.env.MORTAL_KERNEL];
    const dying = (...values) => {
      kernel(...values);
      process.exit(7);
    };
    this.exports = { ...exports, [process.env.MORTAL_KERNEL]: dying };
  }
};
await import("../../../dist/worker.js");
