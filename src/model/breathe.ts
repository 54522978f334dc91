/** Lets the event loop run: signals, timers and, on a page, input and drawing. */
export function breathe(): Promise<void> {
  if (typeof setImmediate === "function") return new Promise((resolve) => setImmediate(resolve));
  // a timer would wait for 4 ms in a page, and for a second in one that is not seen
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
