/** A commission window that shares in a sale, with who was racing in it at the time of the sale. */
export interface Window {
  readonly lobbyId: string;
  /** Of its part of a sale the pool gets so much; basis points. */
  readonly rateBps: number;
  /** In the order that was settled with the sale: who gets odd units goes by places, not by names. */
  readonly racerIds: readonly string[];
}

/** What a racer gets of a sale for racing in a lobby; minor units. */
export interface Share {
  readonly lobbyId: string;
  readonly racerId: string;
  readonly amount: number;
}

/** A sale's parts: platform and shares sum to its base. */
export interface Commission {
  readonly platform: number;
  readonly shares: readonly Share[];
}

const BASIS_POINTS = 10_000n;

/**
 * Splits a sale's base: each window gets an equal part of it, its pool is the rate of that part,
 * less than a minor unit of it falls to the platform, and each pool is shared equally among its racers.
 * Odd units of a pool go one each, beginning with a racer that `turn` chooses, a whole number taken
 * from the sale's id; so nobody is favoured over time. Windows without racers have no part.
 *
 * No share falls when the base rises, so that what a refund takes back of anyone is the difference of
 * two splits, and all of it once everything is refunded.
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
 * How many must race in a window for it to share in sales that name no lobby. Someone who races alone would
 * take the racers' part of everything that the platform sells.
 */
export const MIN_RACERS_OF_UNNAMED_SALES = 2;

/**
 * Which of a window's racers share in a sale: those who raced at its time; of a sale that names no lobby,
 * nobody who raced alone. Decided once, when the sale is booked: refunds follow what was booked.
 */
export function sharingRacers(
  racerIds: readonly string[],
  { isNamed }: { readonly isNamed: boolean },
): readonly string[] {
  return isNamed || racerIds.length >= MIN_RACERS_OF_UNNAMED_SALES ? racerIds : [];
}

/** Splits an amount into parts that differ by one at the most; odd units begin at place `turn`. */
export function splitEvenly(amount: number, parts: number, turn: number): number[] {
  const each = Math.floor(amount / parts);
  const odd = amount - each * parts;
  return Array.from({ length: parts }, (_, place) => {
    const isOdd = (place - (turn % parts) + parts) % parts < odd;
    return each + (isOdd ? 1 : 0);
  });
}
