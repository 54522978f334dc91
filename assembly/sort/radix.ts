// Least-significant-digit radix sort of 64-bit records, key in the upper half, payload in the lower. Stable. Digits of 11
// bits, the last of 10, all counted in one reading; a digit that is the same in every record costs nothing.
//
//   | 63 ......... 54 | 53 ......... 43 | 42 ......... 32 | 31 ...... 0 |
//   |    digit 2      |    digit 1      |    digit 0      |   payload   |

/** u32 counters for three digits of 2,048 values. */
export const COUNTER_BYTES: usize = 3 * 2048 * 4;

/**
 * Sorts `n` records by ascending key. `scratch` has room for as many records, `counters` for COUNTER_BYTES. Returns where
 * the sorted records lie: `records` or `scratch`.
 */
export function sortRecords(records: usize, scratch: usize, counters: usize, n: u32): usize {
  if (n < 2) return records;
  memory.fill(counters, 0, COUNTER_BYTES);
  const end = records + ((n as usize) << 3);
  for (let p = records; p < end; p += 8) {
    const key = load<u32>(p, 4);
    count(counters + (((key & 2047) as usize) << 2));
    count(counters + 8192 + ((((key >> 11) & 2047) as usize) << 2));
    count(counters + 16384 + (((key >> 22) as usize) << 2));
  }
  for (let shift: u32 = 0; shift < 33; shift += 11) {
    const first = (load<u32>(records, 4) >> shift) & 2047;
    if (load<u32>(counters + ((first as usize) << 2)) != n) {
      // counters become the address of each digit's next record
      let address = scratch;
      for (let d = counters, last = counters + 8192; d < last; d += 4) {
        const c = load<u32>(d) as usize;
        store<u32>(d, address as u32);
        address += c << 3;
      }
      for (let p = records, stop = records + ((n as usize) << 3); p < stop; p += 8) {
        const record = load<u64>(p);
        const d = counters + (((((record >> 32) as u32) >> shift) & 2047) << 2);
        const to = load<u32>(d);
        store<u64>(to, record);
        store<u32>(d, to + 8);
      }
      const swap = records;
      records = scratch;
      scratch = swap;
    }
    counters += 8192;
  }
  return records;
}

function count(counter: usize): void {
  store<u32>(counter, load<u32>(counter) + 1);
}
