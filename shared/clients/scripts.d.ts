/** Lua scripts are imported as text: by esbuild in what is deployed, by a loader hook in Node. */
declare module "*.lua" {
  const source: string;
  export default source;
}
