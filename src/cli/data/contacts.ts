// Which values of a mask are adjacent: a border that nobody could label separates foreground from background.
import type { MaskValues } from "./maskValues.js";

/** How many pairs of horizontal or vertical neighbours have two given values; the key is "low,high". */
export type Contacts = ReadonlyMap<string, number>;

/** The contacts of different values. */
export function contactsOf({ width, values }: Pick<MaskValues, "width" | "values">): Map<string, number> {
  const contacts = new Map<string, number>();
  const count = (a: number, b: number) => {
    if (a === b) return;
    const key = keyOf(a, b);
    contacts.set(key, (contacts.get(key) ?? 0) + 1);
  };
  for (let i = 0; i < values.length; i++) {
    if ((i + 1) % width !== 0) count(values[i], values[i + 1]);
    if (i + width < values.length) count(values[i], values[i + width]);
  }
  return contacts;
}

/** Whether `value` lies between 0 and `other` nearly everywhere. */
export function looksLikeBorder(contacts: Contacts, value: number, other: number): boolean {
  const of = (a: number, b: number) => contacts.get(keyOf(a, b)) ?? 0;
  return of(0, other) * 10 <= Math.min(of(0, value), of(value, other)) && of(value, other) > 0 && of(0, value) > 0;
}

function keyOf(a: number, b: number): string {
  return a < b ? `${a},${b}` : `${b},${a}`;
}
