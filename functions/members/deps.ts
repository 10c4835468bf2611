import type { Database } from "../../shared/ports/database.ts";
import type { PlatformDeps } from "../../shared/runtime/deps.ts";
import { type Builders, createBuilders } from "./store/builders.ts";
import { createHosts, type Hosts } from "./store/hosts.ts";
import { createSignIns, type SignIns } from "./store/sign-ins.ts";
import { createWallets, type Wallets } from "./store/wallets.ts";

/** The dependencies of members: people's standings and accounts. Each handler takes the narrowest `Pick` of them. */
export interface Deps extends PlatformDeps {
  readonly builders: Builders;
  readonly hosts: Hosts;
  readonly signIns: SignIns;
  readonly wallets: Wallets;
}

/** Wires them for one instance; nothing connects before its first use. */
export function createDeps(platform: PlatformDeps, database: Database): Deps {
  return {
    ...platform,
    builders: createBuilders(database),
    hosts: createHosts(database),
    signIns: createSignIns(database),
    wallets: createWallets(database),
  };
}
