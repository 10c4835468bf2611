import { type Answer, call } from "../../api/api.ts";
import { Field, Form } from "../../ui/form/form.tsx";
import { Press } from "../../ui/press.tsx";
import { RecordLine, Records } from "../../ui/record/record.tsx";
import { When } from "../../ui/when.tsx";
import { Details, OrderLink } from "./details.tsx";

type Overview = Answer<"stripe", "read">;
type Dispute = Overview["disputes"][number];

/** Disputes and inquiries: evidence, and how the bank decides. */
export function Disputes({ value: { disputes } }: { value: Overview }) {
  return (
    <Records empty="No dispute yet. Open one from a payment, or pay by a card that is disputed.">
      {disputes.map((dispute) => (
        <RecordLine
          key={dispute.id}
          lead={dispute.amount}
          state={dispute.status.replaceAll("_", " ")}
          kind={kindOf(dispute.status)}
          title={dispute.reason.replaceAll("_", " ")}
          aside={
            <>
              reply until <When atMs={dispute.dueAtMs} />
            </>
          }
        >
          <p>
            <OrderLink orderId={dispute.orderId} />{" "}
            {dispute.moved.length > 0 && `Moved in the balance: ${dispute.moved.join(", ")}`}
          </p>
          <Decide dispute={dispute} />
          <Details id={dispute.id} />
        </RecordLine>
      ))}
    </Records>
  );
}

function Decide({ dispute: { id, status, submissions, evidence } }: { dispute: Dispute }) {
  const isInquiry = status.startsWith("warning_") && status !== "warning_closed";
  const isOpen = isInquiry || status === "needs_response" || status === "under_review";
  const close = (end: "won" | "lost" | "warning_closed" | "prevented") => () =>
    call("stripe", "closeDispute", { id, end });
  return (
    <>
      {Object.entries(evidence).map(([name, text]) => (
        <p key={name} class="quiet">
          {name.replaceAll("_", " ")}: {text}
        </p>
      ))}
      {isOpen && (
        <Form
          label="Evidence"
          button="Submit evidence"
          done="The evidence is with the bank."
          action={({ text = "" }) => call("stripe", "submitEvidence", { id, text })}
        >
          <Field
            name="text"
            label={submissions === 0 ? "Evidence" : `Evidence (submitted ${submissions}×)`}
          />
        </Form>
      )}
      <div class="row">
        {isInquiry && (
          <>
            <Press action={() => call("stripe", "escalate", { id })}>
              Escalate to a chargeback
            </Press>
            <Press action={close("warning_closed")}>Close the inquiry</Press>
          </>
        )}
        {isOpen && !isInquiry && (
          <>
            <Press action={close("won")}>Win</Press>
            <Press action={close("lost")}>Lose</Press>
            <Press action={close("prevented")} title="The network settled it before it was one">
              Prevented
            </Press>
          </>
        )}
        {(status === "won" || status === "lost") && (
          <Press action={() => call("stripe", "overturn", { id })}>Overturn on appeal</Press>
        )}
        {status === "lost" && (
          <Press action={() => call("stripe", "reinstate", { id })}>
            Return the money, still lost
          </Press>
        )}
      </div>
    </>
  );
}

function kindOf(status: Dispute["status"]) {
  if (status === "won" || status === "warning_closed" || status === "prevented") return "good";
  return status === "lost" ? "bad" : "warn";
}
