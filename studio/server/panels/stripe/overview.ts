import type { SessionRecord } from "../../../../local/stripe/actions/sessions/sessions.ts";
import type { StripeInspection } from "../../../../local/stripe/inspection.ts";
import type { Charge, PaymentIntent } from "../../../../local/stripe/objects/objects.ts";
import { fromMinor } from "./amounts.ts";

const MOST_SHOWN = 100;
const MOST_EVENTS = 150;

const newest = <T>(list: readonly T[], most = MOST_SHOWN): T[] => list.slice(-most).reverse();

/** What the page shows, newest first. Amounts are written out, times are milliseconds. */
export function overview(stripe: StripeInspection) {
  const { charges, intents, sessions, accounts } = stripe;
  const orderOfIntent = new Map(
    sessions.map(({ session }) => [session.payment_intent, session.metadata["order_id"]]),
  );
  const orderOf = (intentId: string) => orderOfIntent.get(intentId);
  return {
    payments: newest(sessions).map((record) => payment(record, intents, charges)),
    customers: newest(stripe.customers).map((customer) =>
      "deleted" in customer
        ? { id: customer.id, isDeleted: true as const }
        : {
            id: customer.id,
            isDeleted: false as const,
            name: customer.name,
            email: customer.email,
            country: customer.shipping?.address.country ?? customer.address?.country,
            createdAtMs: customer.created * 1000,
          },
    ),
    refunds: newest(stripe.refunds).map((refund) => ({
      id: refund.id,
      amount: fromMinor(refund.amount, refund.currency),
      status: refund.status,
      why: refund.failure_reason ?? refund.pending_reason,
      orderId: refund.metadata["order_id"] ?? orderOf(refund.payment_intent),
      createdAtMs: refund.created * 1000,
    })),
    disputes: newest(stripe.disputes).map((dispute) => ({
      id: dispute.id,
      amount: fromMinor(dispute.amount, dispute.currency),
      status: dispute.status,
      reason: dispute.reason,
      orderId: orderOf(dispute.payment_intent),
      submissions: dispute.evidence_details.submission_count,
      dueAtMs: (dispute.evidence_details.due_by ?? 0) * 1000,
      evidence: dispute.evidence,
      moved: dispute.balance_transactions.map(({ net, currency }) => fromMinor(net, currency)),
    })),
    accounts: newest(accounts).map((account) => ({
      id: account.id,
      email: account.email,
      country: account.country,
      state: stateOf(account, stripe.deauthorized),
      due: account.requirements.currently_due,
      transfers: account.capabilities.transfers ?? "not requested",
      hasPayouts: account.payouts_enabled,
      links: stripe.onboardingLinks
        .filter(({ accountId }) => accountId === account.id)
        .map(({ url }) => url),
    })),
    balances: stripe.balances.map(({ owner, currency, available, pending }) => ({
      owner,
      currency,
      available: fromMinor(available, currency),
      pending: pending.map(({ amount, availableAtMs }) => ({
        amount: fromMinor(amount, currency),
        availableAtMs,
      })),
    })),
    transfers: newest(stripe.transfers).map((transfer) => ({
      id: transfer.id,
      amount: fromMinor(transfer.amount, transfer.currency),
      reversed: fromMinor(transfer.amount_reversed, transfer.currency),
      isReversed: transfer.amount_reversed > 0,
      destination: transfer.destination,
      orderId: transfer.metadata["order_id"],
      createdAtMs: transfer.created * 1000,
    })),
    events: newest(stripe.events, MOST_EVENTS).map(({ id, type, created, account, ...event }) => ({
      id,
      type,
      account,
      createdAtMs: created * 1000,
      waiting: event.pending_webhooks,
      results: stripe.attempts.filter(({ eventId }) => eventId === id).map(({ result }) => result),
    })),
    endpoints: stripe.endpoints.map(({ id, url, status, isConnect, enabled_events: types }) => ({
      id,
      url,
      isEnabled: status === "enabled",
      isConnect,
      types: types.length,
    })),
  };
}

function payment(
  { session, lineItems }: SessionRecord,
  intents: readonly PaymentIntent[],
  charges: readonly Charge[],
) {
  const intent = intents.find(({ id }) => id === session.payment_intent);
  const charge = charges.find(({ id }) => id === intent?.latest_charge);
  return {
    id: session.id,
    amount: fromMinor(session.amount_total, session.currency),
    what: lineItems.map(({ description, quantity }) =>
      quantity > 1 ? `${description} × ${quantity}` : description,
    ),
    state: paymentState(session, intent, charge),
    url: session.status === "open" ? session.url : null,
    takesBank: session.payment_method_types.includes("us_bank_account"),
    isSettling: charge?.status === "pending",
    isAuthenticating: session.status === "open" && intent?.status === "requires_action",
    failure: session.status === "open" ? charge?.failure_message : undefined,
    charge: charge?.paid
      ? { id: charge.id, isRefunded: charge.refunded, isDisputed: charge.disputed }
      : undefined,
    email: session.customer_details?.email ?? session.customer_email,
    orderId: session.metadata["order_id"],
    createdAtMs: session.created * 1000,
    expiresAtMs: session.expires_at * 1000,
  };
}

/** The word that the Dashboard shows. */
function paymentState(
  { status, payment_status: paid }: SessionRecord["session"],
  intent: PaymentIntent | undefined,
  charge: Charge | undefined,
) {
  if (status === "expired") return "Expired";
  if (status === "open") {
    if (intent?.status === "requires_action") return "Requires action";
    return charge?.status === "failed" ? "Declined" : "Open";
  }
  if (charge?.status === "failed") return "Failed";
  if (paid === "unpaid") return "Pending";
  if (charge?.disputed) return "Disputed";
  if (charge?.refunded) return "Refunded";
  return charge && charge.amount_refunded > 0 ? "Partial refund" : "Succeeded";
}

function stateOf(
  {
    id,
    payouts_enabled: hasPayouts,
    details_submitted: isSubmitted,
    requirements,
  }: StripeInspection["accounts"][number],
  deauthorized: ReadonlySet<string>,
) {
  if (deauthorized.has(id)) return "Disconnected";
  const { disabled_reason: reason } = requirements;
  if (reason?.startsWith("rejected.")) return "Rejected";
  if (!isSubmitted) return "Onboarding";
  if (hasPayouts) return "Enabled";
  return reason === "under_review" ? "Payouts paused" : "Restricted";
}
