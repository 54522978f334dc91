import { imageFile } from "./imageFile.js";

/** The pictures that `lovasz paint --data` serves: it writes their addresses into the page. Those that cannot be read are left out. */
export async function servedPictures(): Promise<{ name: string; file: Blob }[]> {
  const addresses: string[] = JSON.parse(document.querySelector("script#data")?.textContent ?? "[]");
  const pictures = addresses.map(async (address) => {
    const name = decodeURIComponent(address.slice(address.lastIndexOf("/") + 1));
    return { name, file: await imageFile(address) };
  });
  return (await Promise.allSettled(pictures)).flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
}
