// The browser build of gpu.js, which comes without types; its own describe far more than is used here.
declare module "gpu.js/dist/gpu-browser.js" {
  const library: import("./library.js").Library;
  export default library;
}
