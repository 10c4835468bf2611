import type { Capabilities, Controller, Requirements } from "./account-parts.ts";
import type { Address, Recipient } from "./addresses.ts";

/** Up to fifty key-value pairs that the API's caller attaches to an object. */
export type Metadata = Record<string, string>;

/** A list, inside an object or as a response. */
export interface StripeList<Item = object> {
  readonly object: "list";
  readonly data: readonly Item[];
  readonly has_more: boolean;
  readonly url: string;
}

/** https://docs.stripe.com/api/payment_intents/object */
export interface PaymentIntent {
  readonly id: string;
  readonly object: "payment_intent";
  amount: number;
  amount_received: number;
  /** The Connect application that created it; null for the account itself. */
  readonly application: string | null;
  canceled_at: number | null;
  readonly capture_method: "automatic_async";
  readonly client_secret: string;
  readonly created: number;
  readonly currency: string;
  customer: string | null;
  readonly description: string | null;
  last_payment_error: object | null;
  latest_charge: string | null;
  readonly livemode: false;
  metadata: Metadata;
  readonly payment_method_types: readonly string[];
  readonly receipt_email: string | null;
  shipping: Parcel | null;
  readonly statement_descriptor_suffix: string | null;
  status: "requires_payment_method" | "requires_action" | "processing" | "succeeded" | "canceled";
  transfer_group: string | null;
}

/** https://docs.stripe.com/api/charges/object */
export interface Charge {
  readonly id: string;
  readonly object: "charge";
  readonly amount: number;
  amount_captured: number;
  amount_refunded: number;
  readonly application: string | null;
  /** Null until the charge is booked. */
  balance_transaction: string | null;
  readonly billing_details: BillingDetails;
  captured: boolean;
  readonly created: number;
  readonly currency: string;
  readonly customer: string | null;
  readonly description: string | null;
  disputed: boolean;
  failure_code: string | null;
  failure_message: string | null;
  readonly livemode: false;
  readonly metadata: Metadata;
  paid: boolean;
  readonly payment_intent: string;
  readonly payment_method_details: object;
  readonly receipt_email: string | null;
  /** Null until the charge has succeeded. */
  receipt_url: string | null;
  refunded: boolean;
  readonly shipping: Parcel | null;
  readonly source_transfer: null;
  status: "succeeded" | "pending" | "failed";
  transfer_group: string | null;
}

/** Where the goods of a payment go; personal data. */
export interface Parcel extends Recipient {
  readonly carrier: null;
  readonly phone: string | null;
  readonly tracking_number: null;
}

/** The payer of a charge, as entered on the payment page; personal data. */
export interface BillingDetails {
  readonly address: Address;
  readonly email: string;
  readonly name: string;
  readonly phone: string | null;
  readonly tax_id: null;
}

/** https://docs.stripe.com/api/refunds/object */
export interface Refund {
  readonly id: string;
  readonly object: "refund";
  readonly amount: number;
  /** Null while it is waiting for the platform's funds. */
  balance_transaction: string | null;
  readonly charge: string;
  readonly created: number;
  readonly currency: string;
  destination_details: object;
  failure_balance_transaction?: string;
  failure_reason?: string;
  metadata: Metadata;
  readonly payment_intent: string;
  pending_reason?: "insufficient_funds" | "processing";
  readonly reason: string | null;
  status: "pending" | "succeeded" | "failed" | "canceled";
  readonly source_transfer_reversal: null;
  readonly transfer_reversal: null;
}

/** https://docs.stripe.com/api/transfers/object */
export interface Transfer {
  readonly id: string;
  readonly object: "transfer";
  readonly amount: number;
  amount_reversed: number;
  readonly balance_transaction: null;
  readonly created: number;
  readonly currency: string;
  description: string | null;
  readonly destination: string;
  readonly destination_payment: string;
  readonly livemode: false;
  metadata: Metadata;
  reversals: StripeList<TransferReversal> & { readonly total_count: number };
  reversed: boolean;
  readonly source_transaction: string | null;
  readonly source_type: "card";
  readonly transfer_group: string | null;
}

/** https://docs.stripe.com/api/transfer_reversals/object */
export interface TransferReversal {
  readonly id: string;
  readonly object: "transfer_reversal";
  readonly amount: number;
  readonly balance_transaction: null;
  readonly created: number;
  readonly currency: string;
  readonly destination_payment_refund: string;
  readonly metadata: Metadata;
  readonly source_refund: null;
  readonly transfer: string;
}

/** https://docs.stripe.com/api/disputes/object */
export interface Dispute {
  readonly id: string;
  readonly object: "dispute";
  readonly amount: number;
  /** What it withdrew from the balance and what it returned. */
  balance_transactions: readonly DisputeBalanceTransaction[];
  readonly charge: string;
  readonly created: number;
  readonly currency: string;
  evidence: Metadata;
  evidence_details: {
    readonly due_by: number | null;
    readonly has_evidence: boolean;
    readonly past_due: boolean;
    readonly submission_count: number;
  };
  is_charge_refundable: boolean;
  readonly livemode: false;
  metadata: Metadata;
  readonly payment_intent: string;
  readonly reason: string;
  status:
    | "warning_needs_response"
    | "warning_under_review"
    | "warning_closed"
    | "needs_response"
    | "under_review"
    | "won"
    | "lost"
    | "prevented";
}

/** The part of a balance transaction that a dispute shows. */
interface DisputeBalanceTransaction {
  readonly id: string;
  readonly object: "balance_transaction";
  readonly amount: number;
  readonly currency: string;
  readonly fee: number;
  readonly net: number;
}

/** https://docs.stripe.com/api/balance_transactions/object */
export interface BalanceTransaction {
  readonly id: string;
  readonly object: "balance_transaction";
  readonly amount: number;
  readonly available_on: number;
  readonly created: number;
  readonly currency: string;
  readonly exchange_rate: null;
  readonly fee: number;
  readonly net: number;
  /** The charge or refund it belongs to. */
  readonly source: string;
  readonly status: "pending" | "available";
  readonly type: "charge" | "refund" | "refund_failure";
}

/** https://docs.stripe.com/api/accounts/object */
export interface Account {
  readonly id: string;
  readonly object: "account";
  business_profile: Record<string, unknown>;
  business_type: string | null;
  capabilities: Capabilities;
  charges_enabled: boolean;
  readonly controller: Controller;
  readonly country: string;
  readonly created: number;
  readonly default_currency: string;
  details_submitted: boolean;
  email: string | null;
  readonly future_requirements: Requirements;
  metadata: Metadata;
  payouts_enabled: boolean;
  requirements: Requirements;
  readonly type: "none" | "express";
}

/** https://docs.stripe.com/api/webhook_endpoints/object, without its secret */
export interface WebhookEndpointObject {
  readonly id: string;
  readonly object: "webhook_endpoint";
  readonly api_version: string | null;
  readonly application: null;
  readonly created: number;
  description: string | null;
  enabled_events: readonly string[];
  readonly livemode: false;
  metadata: Metadata;
  status: "enabled" | "disabled";
  url: string;
}

/** https://docs.stripe.com/api/events/object */
export interface StripeEvent {
  readonly id: string;
  readonly object: "event";
  /** The connected account it belongs to. */
  readonly account?: string;
  readonly api_version: string;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly data: { readonly object: object; readonly previous_attributes?: object };
  readonly livemode: false;
  /** The number of endpoints that have not accepted it yet. */
  pending_webhooks: number;
  readonly request: EventCause;
  readonly type: string;
}

/** The call that caused an event; both fields are null when no call did. */
export interface EventCause {
  readonly id: string | null;
  readonly idempotency_key: string | null;
}
