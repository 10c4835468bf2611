import * as z from "zod/mini";
import { balanceSheet } from "../../../../../local/demo/balance-sheet.ts";
import { toPosting, toTransaction } from "../../../../../shared/money/ledger-entries.ts";
import { type CommitLog, pathOf } from "../../../commits.ts";
import type { StudioHost } from "../../../host.ts";
import { defineCall } from "../../../panel.ts";
import { balancesOf, type Postings, readPostings } from "./books.ts";

const PAGE = 50;

/** The ledger as accounts, and the balance sheet of the shop. */
export function ledgerPanel({ cloud }: StudioHost, commits: CommitLog) {
  const version = moneyChanges(commits);
  let held: { readonly version: string; readonly postings: Promise<Postings> } | undefined;

  const database = () => {
    const { databaseOf, settings } = cloud;
    if (!databaseOf) {
      throw new Error(
        "The environment names another Firestore, which the studio cannot look into.",
      );
    }
    return databaseOf(settings["GOOGLE_CLOUD_PROJECT"] ?? "", Math.random);
  };
  const postingsNow = () => {
    const now = version();
    if (held?.version !== now) held = { version: now, postings: readPostings(database()) };
    return held.postings;
  };
  const nameOf = (account: string) => {
    const [kind, id = ""] = account.split(":");
    return kind === "racer" ? cloud.discord?.userName(id) : undefined;
  };

  return {
    calls: {
      accounts: defineCall(z.object({}), async () => {
        const { postings, unreadable } = await postingsNow();
        const accounts = balancesOf(postings).map((each) => ({
          ...each,
          name: nameOf(each.account),
        }));
        const byCurrency = Map.groupBy(accounts, ({ currency }) => currency);
        return {
          accounts,
          unreadable,
          transactions: new Set(postings.map(({ transactionId }) => transactionId)).size,
          /** The sum over all accounts, which is 0 if the books are right. */
          totals: [...byCurrency].map(([currency, own]) => ({
            currency,
            sum: own.reduce((total, { balance }) => total + balance, 0),
          })),
        };
      }),

      account: defineCall(
        z.object({
          account: z.string(),
          currency: z.string(),
          page: z._default(z.int().check(z.gte(0)), 0),
        }),
        async ({ account, currency, page }) => {
          const { postings } = await postingsNow();
          let balance = 0;
          const rows = postings
            .filter((each) => each.account === account && each.currency === currency)
            .map(({ transactionId, kind, at, amount, saleId, lobbyId, availableAt }) => {
              balance += amount;
              return {
                transactionId,
                kind,
                atMs: at.getTime(),
                availableMs: availableAt.getTime(),
                amount,
                balance,
                saleId,
                lobbyId,
              };
            })
            .reverse();
          return {
            balance,
            name: nameOf(account),
            postings: rows.slice(page * PAGE, (page + 1) * PAGE),
            matching: rows.length,
            pageSize: PAGE,
          };
        },
      ),

      entry: defineCall(z.object({ id: z.string().check(z.minLength(1)) }), async ({ id }) => {
        const place = database().doc(`ledger/${id}`);
        const snapshot = await place.get();
        if (!snapshot.exists) throw new Error(`There is no entry "${id}".`);
        const { kind, at, currency, saleId, note, reverses } = toTransaction(snapshot);
        const lines = (await place.collection("postings").get()).docs.map(toPosting);
        return {
          id,
          kind,
          atMs: at.getTime(),
          currency,
          saleId,
          note,
          reverses,
          lines: lines.map(({ account, amount, lobbyId }) => ({
            account,
            name: nameOf(account),
            amount,
            lobbyId,
          })),
          sum: lines.reduce((total, { amount }) => total + amount, 0),
        };
      }),

      balanceSheet: defineCall(z.object({}), async () => {
        if (!cloud.stripe) return undefined;
        return balanceSheet({ cloud, stripe: cloud.stripe, firestore: database() });
      }),
    },
    version,
  };
}

/** Counts the commits that touched money. */
function moneyChanges(commits: CommitLog): () => string {
  let seen = 0;
  let changes = 0;
  return () => {
    for (const commit of commits.after(seen)) {
      seen = commit.sequence;
      if (commit.changes.some(({ name }) => /^(ledger|orders)\//.test(pathOf(name)))) changes += 1;
    }
    return `${changes}`;
  };
}
