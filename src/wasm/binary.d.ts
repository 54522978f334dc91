// The release binary in base64: `embed` of rollup.config.mjs puts it in place of this import, in the bundle and in tests.
declare module "lovasz-core" {
  const base64: string;
  export default base64;
}
