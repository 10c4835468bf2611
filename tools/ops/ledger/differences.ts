import type { StoredPosting } from "../../../shared/money/ledger-entries.ts";

type Compared = Pick<StoredPosting, "account" | "amount" | "availableAt" | "lobbyId">;

/** Compares what accounts receive with what they should, for each currency, lobby and time of release. */
export function differences(
  whose: string,
  expected: { readonly currency: string; readonly postings: readonly Compared[] },
  actual: readonly StoredPosting[],
): string[] {
  const { currency, postings } = expected;
  const wanted = sumsBy(postings.map((posting) => ({ ...posting, currency })));
  const found = sumsBy(actual);
  const keys = new Set([...wanted.keys(), ...found.keys()]);
  return [...keys]
    .filter((key) => (wanted.get(key) ?? 0) !== (found.get(key) ?? 0))
    .map((key) => {
      const [account] = key.split(" ");
      return `${whose} give ${account} ${found.get(key) ?? 0}, not ${wanted.get(key) ?? 0}.`;
    });
}

function sumsBy(
  postings: readonly (Compared & Pick<StoredPosting, "currency">)[],
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { account, amount, currency, availableAt, lobbyId } of postings) {
    const key = [account, currency, lobbyId ?? "-", availableAt.getTime()].join(" ");
    sums.set(key, (sums.get(key) ?? 0) + amount);
  }
  return sums;
}
