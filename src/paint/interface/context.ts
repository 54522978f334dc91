import type { Files } from "../files.js";
import type { Project } from "../project.js";

/** What every part of the interface works with. */
export interface Context {
  readonly project: Project;
  readonly files: Files;
}
