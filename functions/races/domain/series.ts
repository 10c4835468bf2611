/** The longest name of a series that fits a board. */
export const MAX_SERIES_LENGTH = 40;

/** The key that distinguishes a host's series; it ignores case and surrounding spaces. */
export function seriesKeyOf(name: string): string {
  return name.trim().toLowerCase();
}

interface Sum {
  readonly currency: string;
  readonly amount: number;
}

/** A race of a series: its racers with their current shares, and its winner. */
export interface SeriesRace {
  readonly winnerId: string | undefined;
  readonly shares: readonly { readonly racerId: string; readonly shares: readonly Sum[] }[];
}

/** A racer's place in a series. */
export interface Standing {
  readonly racerId: string;
  readonly races: number;
  readonly wins: number;
  /** One per currency, ordered by its code. */
  readonly shares: readonly Sum[];
}

/**
 * The standings of a series: most races won first, then the larger share in the shop's currency, then in the others,
 * then more races. docs/decisions/0036-series.md explains why.
 */
export function standingsOf(races: readonly SeriesRace[], shopCurrency: string): Standing[] {
  const racerIds = new Set(races.flatMap(({ shares }) => shares.map(({ racerId }) => racerId)));
  const standings = [...racerIds].map((racerId) => standingOf(racerId, races));
  const inOther = ({ currency }: Sum) => currency !== shopCurrency;
  const inShop = (sum: Sum) => !inOther(sum);
  return standings.toSorted(
    (one, other) =>
      other.wins - one.wins ||
      sumOf(other, inShop) - sumOf(one, inShop) ||
      sumOf(other, inOther) - sumOf(one, inOther) ||
      other.races - one.races ||
      (one.racerId < other.racerId ? -1 : 1),
  );
}

function standingOf(racerId: string, races: readonly SeriesRace[]): Standing {
  const driven = races.flatMap(({ shares, winnerId }) => {
    const own = shares.find((each) => each.racerId === racerId);
    return own ? [{ won: winnerId === racerId, shares: own.shares }] : [];
  });
  const totals = new Map<string, number>();
  for (const { currency, amount } of driven.flatMap(({ shares }) => shares)) {
    totals.set(currency, (totals.get(currency) ?? 0) + amount);
  }
  const shares = [...totals]
    .map(([currency, amount]) => ({ currency, amount }))
    .toSorted((one, other) => (one.currency < other.currency ? -1 : 1));
  return { racerId, races: driven.length, wins: driven.filter(({ won }) => won).length, shares };
}

function sumOf({ shares }: Standing, counts: (sum: Sum) => boolean): number {
  return shares.filter(counts).reduce((total, { amount }) => total + amount, 0);
}
