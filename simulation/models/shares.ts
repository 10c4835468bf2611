import type { SharingWindow } from "./windows.ts";

/** A racer's share of a sale, in minor units. */
export interface DealtShare {
  readonly lobbyId: string;
  readonly racer: string;
  amount: number;
}

/** Rules W1 and W2 of docs/invariants.md in their simplest form: cents are dealt out one by one. */
export function dealOut(
  saleId: string,
  kept: number,
  windows: readonly SharingWindow[],
): { readonly platform: number; readonly shares: readonly DealtShare[] } {
  let platform = kept;
  const shares: DealtShare[] = [];
  for (const { lobbyId, rateBps, racers } of windows) {
    const pool = Number((BigInt(kept) * BigInt(rateBps)) / (10_000n * BigInt(windows.length)));
    platform -= pool;
    const each = Math.floor(pool / racers.length);
    const own = racers.map((racer) => ({ lobbyId, racer, amount: each }));
    const first = turnOf(saleId) % racers.length;
    for (let cent = 0; cent < pool - each * racers.length; cent += 1) {
      const lucky = own[(first + cent) % own.length];
      if (lucky) lucky.amount += 1;
    }
    shares.push(...own);
  }
  return { platform, shares };
}

/**
 * A number that spreads sales over racers, derived only from the sale's id: FNV-1a, as published.
 */
function turnOf(saleId: string): number {
  let hash = 0x811c9dc5;
  for (const character of saleId) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
}
