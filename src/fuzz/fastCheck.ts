// fast-check, which is the user's own: where it is missing, the error says what to install.
import type * as FastCheck from "fast-check";
import { LovaszError } from "../errors.js";

async function load(): Promise<typeof FastCheck> {
  try {
    return await import("fast-check");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new LovaszError("option", "lovasz/fuzz needs fast-check 4, which is not installed; run npm install --save-dev fast-check", {
      cause,
    });
  }
}

export const { Arbitrary, Value, asyncProperty, check, stream } = await load();
