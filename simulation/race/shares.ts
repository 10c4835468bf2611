import type { Lobby } from "../../shared/domain/race.ts";

/** A window in which a sale is shared: its rate in basis points, and those who share, in the order of their ids. */
export interface SharingWindow {
  readonly lobbyId: string;
  readonly rate: number;
  readonly racers: readonly string[];
}

/** What somebody gets of a sale, in minor units. */
export interface DealtShare {
  readonly lobbyId: string;
  readonly racer: string;
  amount: number;
}

/** W3: from the start of a window, before its end. */
export function wasOpen({ openedAt, closedAt, closesAt }: Lobby, atMs: number): boolean {
  const endMs = (closedAt ?? closesAt)?.getTime() ?? Number.POSITIVE_INFINITY;
  return openedAt !== undefined && openedAt.getTime() <= atMs && atMs < endMs;
}

/** W5: who had come, and had not left. */
export function racedAt({ stints }: Lobby, atMs: number): string[] {
  return stints
    .filter(({ joinedAt }) => joinedAt.getTime() <= atMs)
    .filter(({ leftAt }) => leftAt === undefined || atMs < leftAt.getTime())
    .map(({ racerId }) => racerId);
}

/** The rules of docs/invariants.md, W1 and W2, in their plainest form: cents are dealt out one by one. */
export function dealOut(
  saleId: string,
  kept: number,
  windows: readonly SharingWindow[],
): { readonly house: number; readonly shares: DealtShare[] } {
  let house = kept;
  const shares: DealtShare[] = [];
  for (const { lobbyId, rate, racers } of windows) {
    const pool = Number((BigInt(kept) * BigInt(rate)) / (10_000n * BigInt(windows.length)));
    house -= pool;
    const each = Math.floor(pool / racers.length);
    const own = racers.map((racer) => ({ lobbyId, racer, amount: each }));
    const first = turnOf(saleId) % racers.length;
    for (let cent = 0; cent < pool - each * racers.length; cent += 1) {
      const lucky = own[(first + cent) % own.length];
      if (lucky) lucky.amount += 1;
    }
    shares.push(...own);
  }
  return { house, shares };
}

/** As `shared/domain/sale.ts` spreads odd cents; another way would be as good. */
function turnOf(saleId: string): number {
  let hash = 0x811c9dc5;
  for (const character of saleId) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
}
