// Sorts records, u64, that are nearly sorted. They are compared as float64, which has the same order: of numbers below 2^63, but for NaN
// and infinity, and of records whose upper half is a float32.

// bytes: where a record belongs further back, its whole bucket is sorted
const NEAR: usize = 64;

/**
 * Sorts records that are in the order of their buckets. Where one belongs far from where it is, `orderBucket(records, p, stop)` must sort
 * the bucket of the record at `p`, and return its end.
 */
export function orderWithinBuckets(records: usize, stop: usize, orderBucket: (records: usize, p: usize, stop: usize) => usize): void {
  let p = records;
  while (p + 40 <= stop) {
    const end = exchange(records, p, stop);
    p = repair(records, end - 32, end, stop, orderBucket);
  }
  repair(records, p, stop, stop, orderBucket);
}

// Puts the records from `p` to `end` in order with those before them; returns where records are in order up to.
function repair(records: usize, p: usize, end: usize, stop: usize, orderBucket: (records: usize, p: usize, stop: usize) => usize): usize {
  for (p = max(p, records + 8); p < end; ) {
    if (load<f64>(p) >= load<f64>(p - 8) || insert(records, p, NEAR)) p += 8;
    else p = orderBucket(records, p, stop);
  }
  return p;
}

// Exchanges neighbours that are not in order, at even and then at odd positions, four records at a time from `p` on, at least five before `stop`: no
// branch that chance would mispredict. Returns where that ends, by `stop` or as some of the four before it are still amiss.
function exchange(records: usize, p: usize, stop: usize): usize {
  // the second lane: the record in hand, and the one before it
  let inHand = f64x2.splat(load<f64>(p));
  let before = f64x2.splat(p > records ? load<f64>(p - 8) : -Infinity);
  while (p + 40 <= stop) {
    const a = v128.load(p, 8);
    const b = v128.load(p, 24);
    const left = i64x2.shuffle(a, b, 0, 2);
    const right = i64x2.shuffle(a, b, 1, 3);
    const low = f64x2.pmin(left, right);
    const high = f64x2.pmax(left, right);
    const odd = i64x2.shuffle(inHand, high, 1, 2);
    const least = f64x2.pmin(odd, low);
    const most = f64x2.pmax(odd, low);
    v128.store(p, i64x2.shuffle(least, most, 0, 2));
    v128.store(p, i64x2.shuffle(least, most, 1, 3), 16);
    const amiss = f64x2.gt(i64x2.shuffle(before, most, 1, 2), least);
    inHand = high;
    before = most;
    p += 32;
    if (i64x2.bitmask(amiss)) break;
  }
  v128.store64_lane(p, inHand, 1);
  return p;
}

/** Sorts a few records. */
export function insertionSort(records: usize, end: usize): void {
  for (let p = records + 8; p < end; p += 8) insert(records, p, p - records);
}

// inserts the record at `p` into the `far` bytes before it; false where it belongs further back, with nothing lost
function insert(records: usize, p: usize, far: usize): bool {
  const record = load<f64>(p);
  const least = max(records, p - min<usize>(p, far));
  let q = p;
  for (; q > least && load<f64>(q - 8) > record; q -= 8) store<f64>(q, load<f64>(q - 8));
  store<f64>(q, record);
  return q > least || q == records;
}
