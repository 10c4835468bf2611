import { stripTypeScriptTypes } from "node:module";

/** Jest's view of a source file: TypeScript without its types, and `.lua` as the text it holds. */
export default {
  process: (source, path) => ({
    code: path.endsWith(".lua")
      ? `export default ${JSON.stringify(source)};`
      : stripTypeScriptTypes(source, { mode: "strip" }),
  }),
};
