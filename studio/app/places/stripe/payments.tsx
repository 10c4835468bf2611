import { type Answer, call } from "../../api/api.ts";
import { useCall } from "../../api/use-call.ts";
import { notify } from "../../shell/toasts.ts";
import { Choice, Field, Form } from "../../ui/form/form.tsx";
import { Press } from "../../ui/press.tsx";
import { RecordLine, Records } from "../../ui/record/record.tsx";
import { When } from "../../ui/when.tsx";
import { Details, OrderLink } from "./details.tsx";

type Overview = Answer<"stripe", "read">;
type Payment = Overview["payments"][number];

const KINDS: Readonly<Record<string, "good" | "bad" | "warn">> = {
  Succeeded: "good",
  Failed: "bad",
  Declined: "bad",
  Disputed: "bad",
  Pending: "warn",
  "Requires action": "warn",
};

const REASONS = [
  "fraudulent",
  "product_not_received",
  "product_unacceptable",
  "duplicate",
  "credit_not_processed",
  "unrecognized",
  "general",
] as const;

const AUTHENTICATED_CARD = "4000002760003184";

/** Checkout Sessions and what was paid in them. */
export function Payments({ value: { payments } }: { value: Overview }) {
  return (
    <Records empty="Nobody has opened a Checkout page yet. Buy something in Discord.">
      {payments.map((payment) => (
        <RecordLine
          key={payment.id}
          lead={payment.amount}
          state={payment.state}
          kind={KINDS[payment.state] ?? "plain"}
          title={payment.what.join(", ")}
          aside={<When atMs={payment.createdAtMs} />}
        >
          <p>
            <OrderLink orderId={payment.orderId} /> {payment.email}
          </p>
          {payment.failure && <p class="problem">{payment.failure}</p>}
          {payment.url !== null && <Pay payment={payment} url={payment.url} />}
          {payment.isSettling && <Settle id={payment.id} />}
          {payment.charge && <Charged charge={payment.charge} />}
          <Details id={payment.id} />
        </RecordLine>
      ))}
    </Records>
  );
}

/** How the buyer pays, on Checkout's page or by a press. */
function Pay({
  payment: { id, takesBank, isAuthenticating },
  url,
}: {
  payment: Payment;
  url: string;
}) {
  const { value: cards = [] } = useCall("stripe", "cards", {});
  return (
    <>
      <div class="row">
        <a class="button" href={url} target="_blank" rel="noreferrer">
          Open the Checkout page
        </a>
        {takesBank && (
          <Press
            action={() => call("stripe", "payByBank", { id })}
            done="The debit is pending until the bank answers."
          >
            Pay by bank debit
          </Press>
        )}
      </div>
      <Form
        label="Pay by card"
        button="Pay"
        keeps
        action={async ({ card = "" }) => {
          const outcome = await call("stripe", "payByCard", { id, card });
          if (outcome.kind === "declined") throw new Error(outcome.message);
          if (outcome.kind === "authenticating") notify("done", "The bank asks to authenticate.");
        }}
      >
        <Choice
          name="card"
          label="Test card"
          options={cards.map(
            ({ number, does }) => [number, `…${number.slice(-4)} ${does}`] as const,
          )}
        />
      </Form>
      {isAuthenticating && (
        <div class="row">
          <Press action={() => call("stripe", "authenticate", { id, card: AUTHENTICATED_CARD })}>
            Complete authentication
          </Press>
          <Press action={() => call("stripe", "failAuthentication", { id })}>
            Fail authentication
          </Press>
        </div>
      )}
    </>
  );
}

function Settle({ id }: { id: string }) {
  return (
    <div class="row">
      <span>The bank</span>
      <Press action={() => call("stripe", "settle", { id, outcome: "succeeded" })}>
        pays the debit
      </Press>
      <Press action={() => call("stripe", "settle", { id, outcome: "failed" })}>returns it</Press>
    </div>
  );
}

function Charged({ charge: { id } }: { charge: NonNullable<Payment["charge"]> }) {
  return (
    <>
      <Form
        label="Refund"
        button="Refund"
        done="Refunded in the Dashboard."
        action={({ amount = "" }) => call("stripe", "refund", { id, amount })}
      >
        <Field name="amount" label="Refund in the Dashboard" required={false} hint="all of it" />
      </Form>
      <Form
        label="Dispute"
        button="Open dispute"
        done="The buyer's bank has opened it."
        action={({ amount = "", reason = "", kind }) =>
          call("stripe", "dispute", { id, amount, reason, isInquiry: kind === "inquiry" })
        }
      >
        <Choice
          name="kind"
          label="The buyer's bank opens"
          options={[
            ["chargeback", "a chargeback"],
            ["inquiry", "an inquiry"],
          ]}
        />
        <Choice
          name="reason"
          label="Reason"
          options={REASONS.map((reason) => [reason, reason.replaceAll("_", " ")] as const)}
        />
        <Field name="amount" label="Amount" required={false} hint="all of it" />
      </Form>
    </>
  );
}
