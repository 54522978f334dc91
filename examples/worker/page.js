const [start, stop, progress, status, save] = ["start", "stop", "progress", "status", "save"].map((id) => document.getElementById(id));

const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });

start.onclick = () => {
  [start.disabled, stop.disabled] = [true, false];
  const samples = [disc(20, 18, 10), disc(44, 40, 14), disc(30, 36, 7)];
  worker.postMessage({ samples, epochs: 40 });
};

// a signal cannot be posted, so the page posts a word, and the worker aborts a signal of its own
stop.onclick = () => worker.postMessage("stop");

worker.onmessage = ({ data: { done, loss, bytes, stopped, error } }) => {
  if (done !== undefined) {
    progress.value = done;
    status.value = `loss ${loss.toFixed(3)}`;
    return;
  }
  [start.disabled, stop.disabled] = [false, true];
  status.value = error ?? (stopped ? "stopped" : "trained");
  if (!bytes) return;
  const link = document.createElement("a");
  [link.href, link.download, link.textContent] = [URL.createObjectURL(new Blob([bytes])), "model.safetensors", "Save the model"];
  save.replaceChildren(link);
};

worker.onerror = ({ message }) => {
  status.value = `the worker failed: ${message}`;
};

/** A picture of a disc, and its labels: put your own here. */
function disc(x, y, radius) {
  const [width, height] = [64, 56];
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.fillStyle = "#405060";
  context.fillRect(0, 0, width, height);
  context.fillStyle = "#c0a060";
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
  const isIn = (i) => Math.hypot((i % width) + 0.5 - x, Math.floor(i / width) + 0.5 - y) < radius;
  const labels = Uint8Array.from({ length: width * height }, (_, i) => (isIn(i) ? 1 : 0));
  return { picture: context.getImageData(0, 0, width, height), labels };
}
