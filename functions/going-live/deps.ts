import type { Database } from "../../shared/ports/database.ts";
import type { PlatformDeps } from "../../shared/runtime/deps.ts";
import { type Deps as AuctionsDeps, createDeps as createAuctionsDeps } from "../auctions/deps.ts";
import { createGoLives, type GoLives } from "./store/go-lives.ts";

/** Going live, and what is on sale then. Each handler takes the narrowest `Pick` of it. */
export interface Deps extends AuctionsDeps {
  readonly goLives: GoLives;
}

/** Wires them for one instance; nothing connects before its first use. */
export function createDeps(platform: PlatformDeps, database: Database): Deps {
  return {
    ...createAuctionsDeps(platform, database),
    goLives: createGoLives(database),
  };
}
