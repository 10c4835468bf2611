export { createDeps, type Deps } from "../operations/deps.ts";
