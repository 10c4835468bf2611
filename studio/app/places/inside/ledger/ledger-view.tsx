import type { Answer } from "../../../api/api.ts";
import { useCall } from "../../../api/use-call.ts";
import { goTo, place } from "../../../shell/router.ts";
import { type Column, Table } from "../../../ui/table/table.tsx";
import { at } from "../links.ts";
import { AccountPane } from "./account-pane.tsx";
import { EntryPane } from "./entry-pane.tsx";
import { moneyText } from "./money.ts";

type Account = Answer<"ledger", "accounts">["accounts"][number];

const columns: readonly Column<Account>[] = [
  {
    title: "Account",
    kind: "wide",
    cell: ({ account, name }) => (
      <>
        {account}
        {name && <div class="quiet small">{name}</div>}
      </>
    ),
  },
  { title: "Postings", kind: "end", cell: ({ postings }) => postings },
  {
    title: "Balance",
    kind: "end",
    cell: ({ balance, currency }) => moneyText(balance, currency),
  },
];

/** The ledger's accounts, with the postings of one or one entry, and the shop's balance sheet. */
export function LedgerView() {
  const { value, problem } = useCall("ledger", "accounts", {});
  const { query } = place.value;
  const account = query.get("account");
  const currency = query.get("currency");
  const entry = query.get("entry");
  return (
    <div class="split">
      <section class="card pane" aria-label="Accounts">
        {problem && <p class="problem">{problem}</p>}
        {value && (
          <>
            <p class="totals">
              {value.transactions} entries.{" "}
              {value.totals.map(({ currency: unit, sum }) => (
                <span key={unit} class={sum === 0 ? "quiet" : "problem"}>
                  All accounts together: {moneyText(sum, unit)}.{" "}
                </span>
              ))}
              {value.unreadable > 0 && (
                <span class="problem">{value.unreadable} postings cannot be read.</span>
              )}
            </p>
            <Table
              label="Accounts"
              columns={columns}
              rows={value.accounts}
              keyOf={(each) => `${each.account} ${each.currency}`}
              stampOf={({ balance, postings }) => `${balance} ${postings}`}
              selected={`${account} ${currency}`}
              onOpen={(each) =>
                goTo(at("ledger", { account: each.account, currency: each.currency }))
              }
              empty="Nothing is booked yet. A merch sale during a race books shares for its racers."
            />
          </>
        )}
      </section>
      {entry !== null ? (
        <EntryPane key={entry} id={entry} />
      ) : account !== null && currency !== null ? (
        <AccountPane key={`${account} ${currency}`} account={account} currency={currency} />
      ) : (
        <BalanceSheet />
      )}
    </div>
  );
}

function BalanceSheet() {
  const { value, problem } = useCall("ledger", "balanceSheet", {});
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls on a phone, and nothing in it takes the focus
    <section class="card pane scrolls" aria-label="Balance sheet" tabIndex={0}>
      <h2>The shop's balance sheet, in US dollars</h2>
      {problem && <p class="problem">{problem}</p>}
      {value && (
        <>
          <table>
            <thead>
              <tr>
                <th scope="col">Buyers' money</th>
                <th scope="col" class="end">
                  Stripe
                </th>
                <th scope="col" class="end">
                  The orders
                </th>
              </tr>
            </thead>
            <tbody>
              {value.rows.map(({ title, stripe, orders }) => (
                <tr key={title}>
                  <th scope="row">{title}</th>
                  <td class="end">{moneyText(stripe, "usd")}</td>
                  <td class={stripe === orders ? "end" : "end problem"}>
                    {moneyText(orders, "usd")}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <p class="quiet">
            {value.isBalanced
              ? "Both agree, and what buyers paid is all accounted for."
              : "They differ while a payment or transfer is under way, and by what wallets have paid out through Stripe."}
          </p>
        </>
      )}
    </section>
  );
}
