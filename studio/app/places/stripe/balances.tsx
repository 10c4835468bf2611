import { type Answer, call } from "../../api/api.ts";
import { Choice, Field, Form } from "../../ui/form/form.tsx";
import { Press } from "../../ui/press.tsx";
import { RecordLine, Records } from "../../ui/record/record.tsx";
import { When } from "../../ui/when.tsx";
import { Details, OrderLink } from "./details.tsx";

type Overview = Answer<"stripe", "read">;

/** What the platform and its accounts have, what is on its way, and the transfers between them. */
export function Balances({ value: { balances, transfers, accounts } }: { value: Overview }) {
  const nameOf = (owner: string) =>
    owner === "platform" ? "Platform" : (accounts.find(({ id }) => id === owner)?.email ?? owner);
  return (
    <>
      {balances.length === 0 && <p class="quiet">No money has moved yet.</p>}
      <div class="amounts">
        {balances.map(({ owner, currency, available, pending }) => (
          <section
            key={`${owner} ${currency}`}
            class="card"
            aria-label={`Balance of ${nameOf(owner)}`}
          >
            <h2>{nameOf(owner)}</h2>
            <div class="large">{available}</div>
            <div class="quiet">available</div>
            <ul class="lines">
              {pending.map(({ amount, availableAtMs }, index) => (
                <li key={index}>
                  {amount} from <When atMs={availableAtMs} />
                </li>
              ))}
            </ul>
            {owner === "platform" && (
              <Press
                action={() => call("stripe", "payOutPlatform", { currency })}
                done="Paid out to the platform's bank."
              >
                Pay out to the bank
              </Press>
            )}
          </section>
        ))}
      </div>
      <section class="card stack">
        <Form
          label="Top up"
          button="Top up"
          done="The platform's balance has more."
          action={({ amount = "" }) => call("stripe", "topUp", { amount, currency: "usd" })}
        >
          <Field
            name="amount"
            label="Add money of the platform's own, in USD"
            isNumber
            hint="100.00"
          />
        </Form>
        <Form
          label="Delays and fees"
          button="Use from now on"
          done="From now on it is so."
          keeps
          action={({ days = "0", fee = "", needs }) =>
            call("stripe", "takeTime", {
              fundsDays: Number(days),
              disputeFee: fee,
              refundsNeedFunds: needs === "yes",
            })
          }
        >
          <Field name="days" label="Days until a payment is available" value="0" isNumber />
          <Field name="fee" label="Fee of a chargeback, in USD" value="0" isNumber />
          <Choice
            name="needs"
            label="Refunds without funds"
            options={[
              ["no", "make the balance negative"],
              ["yes", "wait until there are some"],
            ]}
          />
        </Form>
      </section>
      <h2>Transfers</h2>
      <Records empty="Nothing was transferred to a builder yet.">
        {transfers.map(
          ({ id, amount, reversed, isReversed, destination, orderId, createdAtMs }) => (
            <RecordLine
              key={id}
              lead={amount}
              title={`to ${nameOf(destination)}`}
              aside={<When atMs={createdAtMs} />}
              {...(isReversed && { state: `${reversed} reversed`, kind: "warn" as const })}
            >
              <OrderLink orderId={orderId} />
              <Details id={id} />
            </RecordLine>
          ),
        )}
      </Records>
    </>
  );
}
