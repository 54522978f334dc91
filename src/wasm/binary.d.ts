// Binaries in base64: `embed` of rollup.config.mjs puts them in place of these imports, in the bundle and in tests.
declare module "lovasz-core" {
  const base64: string;
  export default base64;
}

declare module "lovasz-shared-core" {
  const base64: string;
  export default base64;
  /** At which bytes of the binary the addresses of its static data stand. */
  export const addresses: readonly number[];
}
