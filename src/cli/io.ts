/** Where a command reads and writes: the process, or what a test puts in its place. */
export interface Io {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: NodeJS.WriteStream;
}
