// How a call is spread over the workers.
import type { ValueAndGrad } from "../../losses/valueAndGrad.js";
import type { Lender } from "./heap.js";
import type { Pool } from "./pool.js";
import type { Reading } from "./reading.js";
import { chosenClasses, spreadClasses } from "./spreadClasses.js";
import { hasImages, spreadImages } from "./spreadImages.js";

/**
 * By images where there are several, or by classes; or all of it by one worker. One image of one class is not split: to hand
 * its pixels over and to pick one's share of them takes a worker about as long as to sort them all.
 */
export function spread(call: Reading, pool: Pool, lender: Lender): Promise<ValueAndGrad> {
  if (hasImages(call)) return spreadImages(call, Math.min(pool.size, call.images), pool, lender);
  const chosen = pool.size > 1 ? chosenClasses(call) : null;
  if (chosen && chosen.length > 1) return spreadClasses(call, chosen, Math.min(pool.size, chosen.length), pool, lender);
  return spreadImages(call, 1, pool, lender);
}
