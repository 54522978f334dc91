/** The picture at `address` as a file; the page may fetch nothing, so it is read by way of an image element. */
export async function imageFile(address: string): Promise<Blob> {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  const file = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  if (!file) throw new Error(`${address} is too large for a canvas`);
  return file;
}
