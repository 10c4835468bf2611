import type { Capabilities, Controller, Requirements } from "./account-parts.ts";

/** Up to fifty key-value pairs that the API's caller attaches to an object. */
export type Metadata = Record<string, string>;

/** A list, inside an object or as a response. */
export interface StripeList<Item = object> {
  readonly object: "list";
  readonly data: readonly Item[];
  readonly has_more: boolean;
  readonly url: string;
}

/** https://docs.stripe.com/api/checkout/sessions/object */
export interface Session {
  readonly id: string;
  readonly object: "checkout.session";
  readonly allowed_payment_method_types: readonly string[] | null;
  readonly amount_subtotal: number;
  readonly amount_total: number;
  readonly automatic_tax: { readonly enabled: false };
  readonly billing_address_collection: string | null;
  readonly cancel_url: string | null;
  readonly client_reference_id: string | null;
  collected_information: object | null;
  readonly created: number;
  readonly currency: string;
  readonly custom_fields: readonly [];
  readonly customer: null;
  customer_details: object | null;
  readonly customer_email: string | null;
  readonly excluded_payment_method_types: readonly string[];
  readonly expires_at: number;
  readonly livemode: false;
  readonly locale: string | null;
  metadata: Metadata;
  readonly mode: "payment";
  payment_intent: string | null;
  /** The Payment Link that opened it. */
  readonly payment_link: string | null;
  readonly payment_method_types: readonly string[];
  payment_status: "paid" | "unpaid";
  readonly phone_number_collection: { readonly enabled: boolean };
  readonly shipping_address_collection: object | null;
  readonly shipping_cost: object | null;
  status: "open" | "complete" | "expired";
  readonly submit_type: string | null;
  readonly success_url: string;
  readonly total_details: object;
  readonly ui_mode: "hosted_page";
  url: string | null;
}

/** https://docs.stripe.com/api/checkout/sessions/line_items */
export interface LineItem {
  readonly id: string;
  readonly object: "item";
  readonly amount_subtotal: number;
  readonly amount_total: number;
  readonly currency: string;
  readonly description: string;
  readonly price: { readonly unit_amount: number } & Record<string, unknown>;
  readonly quantity: number;
}

/** https://docs.stripe.com/api/payment_intents/object */
export interface PaymentIntent {
  readonly id: string;
  readonly object: "payment_intent";
  readonly amount: number;
  amount_received: number;
  /** The Connect application that created it; null for the account itself. */
  readonly application: string | null;
  canceled_at: number | null;
  readonly capture_method: "automatic_async";
  readonly client_secret: string;
  readonly created: number;
  readonly currency: string;
  readonly customer: null;
  readonly description: string | null;
  last_payment_error: object | null;
  latest_charge: string | null;
  readonly livemode: false;
  metadata: Metadata;
  readonly payment_method_types: readonly string[];
  readonly receipt_email: string | null;
  readonly statement_descriptor_suffix: string | null;
  status: "requires_payment_method" | "processing" | "succeeded" | "canceled";
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
  readonly billing_details: object;
  captured: boolean;
  readonly created: number;
  readonly currency: string;
  readonly customer: null;
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
  refunded: boolean;
  readonly source_transfer: null;
  status: "succeeded" | "pending" | "failed";
  transfer_group: string | null;
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
