/** A commission window that shares in a sale, with the racers at the time of the sale. */
export interface Window {
  readonly lobbyId: string;
  /** The pool's part of the window's part of a sale; basis points. */
  readonly rateBps: number;
  /** In the order stored with the sale: odd units are given out by position. */
  readonly racerIds: readonly string[];
}

/** A racer's share of a sale for racing in a lobby; minor units. */
export interface Share {
  readonly lobbyId: string;
  readonly racerId: string;
  readonly amount: number;
}

/** A sale's parts: the platform's part and the shares add up to its base. */
export interface Commission {
  readonly platform: number;
  readonly shares: readonly Share[];
}

const BASIS_POINTS = 10_000n;

/**
 * Splits a sale's base. Each window gets an equal part of it. The window's rate of that part goes into its pool,
 * rounded down; the platform gets the rest. Each pool is shared equally among its racers. Odd units of a pool go
 * to one racer each, starting with the racer that `turn`, a whole number derived from the sale's id, selects: so
 * nobody is favoured over time. Windows without racers get no part.
 *
 * No share falls when the base rises. So a refund takes back the difference of two splits, and a full refund takes
 * back all shares.
 */
export function splitSale(base: number, windows: readonly Window[], turn: number): Commission {
  const sharing = windows.filter(({ racerIds }) => racerIds.length > 0);
  const shares = sharing.flatMap(({ lobbyId, rateBps, racerIds }) => {
    const pool = Number((BigInt(base) * BigInt(rateBps)) / (BASIS_POINTS * BigInt(sharing.length)));
    const parts = splitEvenly(pool, racerIds.length, turn);
    return racerIds.map((racerId, index) => ({ lobbyId, racerId, amount: parts[index] ?? 0 }));
  });
  return { platform: base - shares.reduce((sum, { amount }) => sum + amount, 0), shares };
}

/**
 * The number of racers that a window needs to share in sales that name no lobby. Otherwise someone who races alone
 * would get the racers' part of everything that the platform sells.
 */
export const MIN_RACERS_OF_UNNAMED_SALES = 2;

/**
 * The racers of a window who share in a sale: everyone who raced at its time, or nobody if the sale names no lobby
 * and too few raced. This is decided once, when the sale is booked; refunds follow the booking.
 */
export function sharingRacers(
  racerIds: readonly string[],
  { isNamed }: { readonly isNamed: boolean },
): readonly string[] {
  return isNamed || racerIds.length >= MIN_RACERS_OF_UNNAMED_SALES ? racerIds : [];
}

/** Splits an amount into parts that differ by one at most; odd units start at position `turn`. */
export function splitEvenly(amount: number, parts: number, turn: number): number[] {
  const each = Math.floor(amount / parts);
  const odd = amount - each * parts;
  return Array.from({ length: parts }, (_, place) => {
    const isOdd = (place - (turn % parts) + parts) % parts < odd;
    return each + (isOdd ? 1 : 0);
  });
}
