// Foreign text in the terminal: names of files and the metadata of model files must not move its cursor.

/** Nobody reads longer messages. */
const MOST = 1000;

/** `text` on one line, without control characters, cut after 1000 characters. */
export function plain(text: string): string {
  const line = text.replace(/\p{Cc}+/gu, " ").trim();
  return line.length > MOST ? `${line.slice(0, MOST)} ...` : line;
}
