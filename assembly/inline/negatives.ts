// Of four sorted records, at 16 times the bits that say which are positives, i32 in four lanes: how many negatives are above each of them,
// and how many there are in all.

export const negativesAbove = memory.data<i32>(
  [
    0, 1, 2, 3, 0, 0, 1, 2, 0, 1, 1, 2, 0, 0, 0, 1, 0, 1, 2, 2, 0, 0, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 1, 2, 0, 1, 1, 2, 0,
    0, 0, 1, 0, 1, 2, 2, 0, 0, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0,
  ],
  16,
);

export const inAll = memory.data<i32>(
  [
    4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2, 1,
    1, 1, 1, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0,
  ],
  16,
);
