import type { Upgrade } from "./version.ts";

/**
 * Every collection, by its path without ids, and how its documents of older versions become what they
 * are today. The version is one more than there are upgrades; documents without one are of the first.
 *
 * A change of single fields leaves a document's version as it is. So an upgrade leaves alone what is
 * there in the new shape already. Queries see what is stored: a field they ask for is moved by hand.
 */
export const collections: Readonly<Record<string, readonly Upgrade[]>> = {
  auctions: [],
  "auctions/bids": [],
  builders: [],
  "builders/debts": [],
  "builders/standings": [],
  dead_letters: [],
  forgettings: [],
  forgotten: [],
  forgotten_accounts: [],
  go_lives: [],
  "go_lives/outcomes": [],
  hosts: [],
  "hosts/standings": [],
  inventory: [],
  "inventory/buyers": [],
  "inventory/units": [],
  ledger: [],
  "ledger/postings": [],
  lobbies: [],
  orders: [],
  "orders/refunds": [],
  payouts: [],
  processed: [],
  sales: [],
  "sales/disputes": [],
  "sales/refunds": [],
  sign_ins: [],
  standing_tombstones: [],
  sweeps: [],
  tombstones: [],
  users: [],
  "users/unpaid_wins": [],
  waiting_refunds: [],
  wallets: [],
};

/** The upgrades of the collection that a document is in. Throws for one that is not in the list. */
export function upgradesOf(documentPath: string): readonly Upgrade[] {
  const names = documentPath.split("/").filter((_part, index) => index % 2 === 0);
  const upgrades = collections[names.join("/")];
  if (!upgrades) throw new Error(`${names.join("/")} is not in the list of collections.`);
  return upgrades;
}
