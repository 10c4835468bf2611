export { createDeps, type Deps } from "../auctions/deps.ts";
