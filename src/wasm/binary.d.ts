// The binary in base64: `embed` of rollup.config.mjs replaces this import by it, in the bundle and in tests.
declare module "lovasz-core" {
  const base64: string;
  export default base64;
  /** The byte offsets in the binary at which addresses of its static data stand. */
  export const addresses: readonly number[];
  /** The byte offset at which the binary says that the memory it imports is shared. */
  export const sharedFlag: number;
  /** What tells this build of the package from others. */
  export const build: string;
}
