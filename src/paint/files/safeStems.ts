// Names of files that people gave to pictures, as names that every system takes.

/** Names that Windows keeps for devices, with any extension. */
const DEVICES = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
const LONGEST = 100;

/** For each of the file names, in their order, a name without extension: safe on every system, and no two alike, whatever their case. */
export function safeStems(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const stem = safeStem(name);
    for (let i = 1; ; i++) {
      const one = i === 1 ? stem : `${stem}-${i}`;
      if (taken.has(one.toLowerCase())) continue;
      taken.add(one.toLowerCase());
      return one;
    }
  });
}

function safeStem(name: string): string {
  const file = name.split(/[/\\]/).pop() ?? "";
  const stem = file.replace(/(?<=.)\.[^.]*$/, "").normalize("NFC");
  const short = Array.from(stem).slice(0, LONGEST).join("");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Windows refuses them
  const safe = short.replace(/[\u0000-\u001f\u007f<>:"|?*\ud800-\udfff]/gu, "_").replace(/[. ]+$/, "");
  // lovasz takes a name that begins with a dot for none of a picture
  const shown = safe.replace(/^[. ]+/, "_");
  return DEVICES.test(shown) ? `_${shown}` : shown || "picture";
}
