export { createDeps, type Deps } from "../races/deps.ts";
