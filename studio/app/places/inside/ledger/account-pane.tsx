import { useSignal } from "@preact/signals";
import type { Answer } from "../../../api/api.ts";
import { useCall } from "../../../api/use-call.ts";
import { goTo } from "../../../shell/router.ts";
import { Moment } from "../../../ui/moment.tsx";
import { type Column, Table } from "../../../ui/table/table.tsx";
import { at } from "../links.ts";
import { moneyText } from "./money.ts";

type Posting = Answer<"ledger", "account">["postings"][number];

/** An account's postings, newest first, with the balance after each. */
export function AccountPane({
  account,
  currency,
}: {
  readonly account: string;
  readonly currency: string;
}) {
  const page = useSignal(0);
  const { value, problem } = useCall("ledger", "account", { account, currency, page: page.value });
  const columns: readonly Column<Posting>[] = [
    { title: "Booked", cell: ({ atMs }) => <Moment ms={atMs} withDay /> },
    {
      title: "Entry",
      kind: "wide",
      cell: ({ transactionId }) => <span class="mono">{transactionId}</span>,
    },
    { title: "Amount", kind: "end", cell: ({ amount }) => moneyText(amount, currency) },
    { title: "Balance", kind: "end", cell: ({ balance }) => moneyText(balance, currency) },
  ];
  const isMore = value !== undefined && (page.value + 1) * value.pageSize < value.matching;
  return (
    <section class="card pane" aria-label="Account">
      <div class="pane-head">
        <h2>
          {account} {value?.name && <span class="quiet">{value.name}</span>}
        </h2>
        <a class="close" href={at("ledger")}>
          Close
        </a>
      </div>
      {problem && <p class="problem">{problem}</p>}
      {value && (
        <>
          <p class="balance">
            {moneyText(value.balance, currency)}{" "}
            <span class="quiet small">in {value.matching} postings</span>
          </p>
          <Table
            label={`Postings of ${account}`}
            columns={columns}
            rows={value.postings}
            keyOf={({ transactionId, balance }) => `${transactionId} ${balance}`}
            onOpen={({ transactionId }) => goTo(at("ledger", { entry: transactionId }))}
            empty="Nothing is booked here."
          />
          {value.matching > value.pageSize && (
            <div class="row pages">
              <button
                type="button"
                disabled={page.value === 0}
                onClick={() => {
                  page.value -= 1;
                }}
              >
                Newer
              </button>
              <button
                type="button"
                disabled={!isMore}
                onClick={() => {
                  page.value += 1;
                }}
              >
                Older
              </button>
            </div>
          )}
        </>
      )}
    </section>
  );
}
