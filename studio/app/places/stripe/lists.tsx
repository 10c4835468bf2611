import { type Answer, call } from "../../api/api.ts";
import { Press } from "../../ui/press.tsx";
import { RecordLine, Records } from "../../ui/record/record.tsx";
import { When } from "../../ui/when.tsx";
import { Details, OrderLink } from "./details.tsx";

type Overview = Answer<"stripe", "read">;

/** Customers, of whom the Dashboard can delete everything. */
export function Customers({ value: { customers } }: { value: Overview }) {
  return (
    <Records empty="No customer yet: paying in Checkout makes one.">
      {customers.map((customer) => (
        <RecordLine
          key={customer.id}
          lead={customer.isDeleted ? "deleted" : (customer.name ?? "no name")}
          title={customer.isDeleted ? customer.id : (customer.email ?? "no address")}
          aside={customer.isDeleted ? "" : <When atMs={customer.createdAtMs} />}
        >
          {!customer.isDeleted && (
            <div class="row">
              <Press
                action={() => call("stripe", "deleteCustomer", { id: customer.id })}
                done="The customer is deleted."
              >
                Delete in the Dashboard
              </Press>
            </div>
          )}
          <Details id={customer.id} />
        </RecordLine>
      ))}
    </Records>
  );
}

const REFUND_KINDS = {
  pending: "warn",
  succeeded: "good",
  failed: "bad",
  canceled: "plain",
} as const;

/** Refunds, which banks return and the Dashboard cancels. */
export function Refunds({ value: { refunds } }: { value: Overview }) {
  return (
    <Records empty="Nothing was refunded yet.">
      {refunds.map(({ id, amount, status, why, orderId, createdAtMs }) => (
        <RecordLine
          key={id}
          lead={amount}
          state={status}
          kind={REFUND_KINDS[status]}
          title={why?.replaceAll("_", " ") ?? ""}
          aside={<When atMs={createdAtMs} />}
        >
          <div class="row">
            <OrderLink orderId={orderId} />
            <Press
              action={() => call("stripe", "failRefund", { id })}
              done="The buyer's bank has returned the refund."
            >
              The bank returns it
            </Press>
            {status === "pending" && (
              <Press action={() => call("stripe", "cancelRefund", { id })}>
                Cancel in the Dashboard
              </Press>
            )}
          </div>
          <Details id={id} />
        </RecordLine>
      ))}
    </Records>
  );
}
