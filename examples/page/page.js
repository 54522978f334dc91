import { loadNetwork, predict, toImageData } from "lovasz/model";

const [model, picture, progress, cancel, status, canvas] = ["model", "picture", "progress", "cancel", "status", "canvas"].map((id) =>
  document.getElementById(id),
);
let running = new AbortController();

model.onchange = picture.onchange = async () => {
  // a choice ends what is under way
  running.abort(new Error("cancelled"));
  running = new AbortController();
  const [modelFile, pictureFile] = [model.files[0], picture.files[0]];
  if (!modelFile || !pictureFile) return;
  try {
    await show(await modelFile.arrayBuffer(), pictureFile, running.signal);
    status.value = "done";
  } catch (error) {
    status.value = error.message;
  }
};

cancel.onclick = () => running.abort(new Error("cancelled"));

async function show(bytes, file, signal) {
  // as it is in the file: turned upright, but no colour converted
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none" });
  signal.throwIfAborted();
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  const trained = loadNetwork(bytes);
  try {
    const imageData = context.getImageData(0, 0, canvas.width, canvas.height);
    const onProgress = (done) => {
      progress.value = done;
    };
    const prediction = await predict(trained, imageData, { onProgress, signal });
    // background is transparent, foreground orange; leave colours out for a model of several classes
    const mask = toImageData(prediction, { colours: [null, "#ff8000a0"] });
    const overlay = await createImageBitmap(mask);
    signal.throwIfAborted();
    // putImageData would put the mask in place of the picture
    context.drawImage(overlay, 0, 0);
  } finally {
    trained.network.dispose();
  }
}
