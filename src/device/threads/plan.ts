// How a call is spread over the workers.
import type { ValueAndGrad } from "../../losses/valueAndGrad.js";
import type { Lender } from "./heap.js";
import type { Pool } from "./pool.js";
import type { Reading } from "./reading.js";
import { chosenClasses, spreadClasses } from "./spreadClasses.js";
import { hasImages, spreadImages } from "./spreadImages.js";

/**
 * What is not spread in shared memory (see Slabs and Strips): by images where there are several, or by classes; or all of it by one
 * worker. One image of one class is not split to be sorted: to hand its pixels over and to pick one's share of them takes a worker
 * about as long as to sort them all.
 */
export function spread(call: Reading, pool: Pool, lender: Lender): Promise<ValueAndGrad> {
  const chosen = classesToSpread(call, pool);
  if (chosen) return spreadClasses(call, chosen, pool, lender);
  return spreadImages(call, hasImages(call) ? Math.min(pool.size, call.images) : 1, pool, lender);
}

/** The classes that several workers can share, or null. */
export function classesToSpread(call: Reading, pool: Pool): readonly number[] | null {
  const chosen = pool.size > 1 && !hasImages(call) ? chosenClasses(call) : null;
  return chosen && chosen.length > 1 ? chosen : null;
}
