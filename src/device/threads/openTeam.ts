// The workers of `setThreads`: a pool of those that devices use as well, which attend to the jobs of the calling thread.
import { type Attendance, Team } from "../../wasm/team.js";
import { Pool } from "./pool/Pool.js";

export { coresOf } from "./cores.js";

/** A team, and how it ends. */
export interface OpenTeam {
  team: Team;
  close: () => Promise<void>;
}

/** A team of the calling thread and so many workers. Rejects with `LovaszError` "device" or "memory". */
export async function openTeam(count: number, script: string | undefined): Promise<OpenTeam> {
  const pool = await Pool.open("setThreads(n, options)", count, script);
  try {
    const team = new Team({
      count,
      attend: (what: Attendance) => pool.attend(what),
      restart: () => pool.restart(),
    });
    const dismiss = () => {
      if (team.dismiss()) pool.attend(null);
    };
    pool.onTask = dismiss;
    const close = () => {
      dismiss();
      return pool.close();
    };
    return { team, close };
  } catch (error) {
    await pool.close();
    throw error;
  }
}
