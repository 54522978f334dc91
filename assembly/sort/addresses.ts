/** Counts of digits, u32, become the address of each digit's next record of 8 bytes, the first at `to`. */
// @ts-ignore: decorator
@inline
export function addresses(counts: usize, digits: u32, to: usize): void {
  for (const end = counts + ((digits as usize) << 2); counts < end; counts += 4) {
    const count = load<u32>(counts) as usize;
    store<u32>(counts, to as u32);
    to += count << 3;
  }
}
