// What a saved project is made of, and where it lies in the zip file: a folder that `lovasz train --data` takes as it is.

/** A class, from class 0 on. */
export interface ProjectClass {
  readonly name: string;
  /** "#rrggbb". */
  readonly colour: string;
}

/** project.json. */
export interface Manifest {
  readonly version: typeof VERSION;
  readonly classes: readonly ProjectClass[];
  readonly pictures: readonly {
    /** As the person named it. */
    readonly name: string;
    /** Pixels a row, as it is shown. */
    readonly width: number;
    readonly height: number;
    /** The path of the file. */
    readonly image: string;
    /** The path of what was painted on it. */
    readonly strokes: string;
    /** The path of which of that is held out, where something is: 255 there, 0 elsewhere. */
    readonly heldOut?: string;
  }[];
}

/** The version of project.json. */
export const VERSION = 1;
export const MANIFEST = "project.json";
export const NETWORK = "network.safetensors";
