/** Where a command reads and writes: the process, or a substitute in tests. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: NodeJS.WriteStream;
}
