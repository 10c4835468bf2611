/** Lua scripts are imported as text: by esbuild in the deployed bundles, by a loader hook in Node. */
declare module "*.lua" {
  const source: string;
  export default source;
}
