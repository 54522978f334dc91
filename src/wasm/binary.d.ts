// Binaries in base64: `embed` of rollup.config.mjs replaces these imports by them, in the bundle and in tests.
declare module "lovasz-core" {
  const base64: string;
  export default base64;
}

declare module "lovasz-shared-core" {
  const base64: string;
  export default base64;
  /** The byte offsets in the binary at which addresses of its static data stand. */
  export const addresses: readonly number[];
}
