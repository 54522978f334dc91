/** `count` with its noun, for example "1 picture" or "2 pictures"; `plural` for nouns that take more than an "s". */
export function counted(count: number | bigint, noun: string, plural = `${noun}s`): string {
  return `${count} ${Number(count) === 1 ? noun : plural}`;
}
