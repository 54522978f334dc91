// What contenders of a training bench compute, beside how long they take.

/**
 * An entry of `inTurns` for the calls `pass` of `peer`, and what the second of them computed, by which everybody sees that all compute the same:
 * of a step, the loss after one update of the weights.
 */
export function callsOf(peer, pass) {
  let calls = 0;
  const entry = {
    second: Number.NaN,
    async milliseconds() {
      const time = await peer.milliseconds(pass);
      calls += 1;
      if (calls === 2) entry.second = peer.result;
      return time;
    },
  };
  return entry;
}
