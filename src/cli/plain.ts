// Foreign text in the terminal: names of files and what model files say of themselves must not move its cursor.

/** More than this of a message nobody reads. */
const MOST = 1000;

/** `text` on one line, without control characters, cut where it is endless. */
export function plain(text: string): string {
  const line = text.replace(/\p{Cc}+/gu, " ").trim();
  return line.length > MOST ? `${line.slice(0, MOST)} ...` : line;
}
