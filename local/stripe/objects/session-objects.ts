import type { Address, Recipient } from "./addresses.ts";
import type { Metadata } from "./objects.ts";

/** https://docs.stripe.com/api/checkout/sessions/object */
export interface Session {
  readonly id: string;
  readonly object: "checkout.session";
  readonly allowed_payment_method_types: readonly string[] | null;
  amount_subtotal: number;
  amount_total: number;
  automatic_tax: AutomaticTax;
  readonly billing_address_collection: string | null;
  readonly cancel_url: string | null;
  readonly client_reference_id: string | null;
  collected_information: CollectedInformation | null;
  readonly created: number;
  readonly currency: string;
  readonly custom_fields: readonly [];
  customer: string | null;
  readonly customer_creation: "always" | "if_required" | null;
  customer_details: CustomerDetails | null;
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
  readonly shipping_address_collection: { readonly allowed_countries: readonly string[] } | null;
  /** That of the preselected option until the buyer has chosen. */
  shipping_cost: ShippingCost | null;
  readonly shipping_options: readonly {
    readonly shipping_amount: number;
    readonly shipping_rate: string;
  }[];
  status: "open" | "complete" | "expired";
  readonly submit_type: string | null;
  readonly success_url: string;
  readonly tax_id_collection: { readonly enabled: boolean; readonly required: string };
  total_details: TotalDetails;
  readonly ui_mode: "hosted_page";
  url: string | null;
}

/** Whether and how tax is calculated. */
export interface AutomaticTax {
  readonly enabled: boolean;
  readonly liability: { readonly type: "self" } | null;
  readonly provider: "stripe" | null;
  readonly status: "requires_location_inputs" | "complete" | "failed" | null;
}

/** What the page collected besides payment; personal data. */
export interface CollectedInformation {
  readonly business_name: string | null;
  readonly individual_name: string | null;
  readonly shipping_details: Recipient | null;
}

/** The buyer, as entered on the page; personal data. */
export interface CustomerDetails {
  readonly address: Address | null;
  readonly business_name: string | null;
  readonly email: string | null;
  readonly individual_name: string | null;
  readonly name: string | null;
  readonly phone: string | null;
  readonly tax_exempt: "none";
  readonly tax_ids: readonly TaxId[];
}

/** A business's tax id: https://docs.stripe.com/tax/checkout/tax-ids */
export interface TaxId {
  readonly type: string;
  readonly value: string;
}

/** What the chosen delivery costs; `amount_subtotal` is the price of the option. */
export interface ShippingCost {
  readonly amount_subtotal: number;
  readonly amount_tax: number;
  readonly amount_total: number;
  readonly shipping_rate: string | null;
}

/** What the total consists of besides the items. `amount_shipping` is without added tax. */
export interface TotalDetails {
  readonly amount_discount: number;
  readonly amount_shipping: number;
  readonly amount_tax: number;
}

/** https://docs.stripe.com/api/checkout/sessions/line_items */
export interface LineItem {
  readonly id: string;
  readonly object: "item";
  readonly amount_subtotal: number;
  readonly amount_tax: number;
  readonly amount_total: number;
  readonly currency: string;
  readonly description: string;
  readonly price: { readonly unit_amount: number } & Record<string, unknown>;
  readonly quantity: number;
}

/** https://docs.stripe.com/api/shipping_rates/object */
export interface ShippingRate {
  readonly id: string;
  readonly object: "shipping_rate";
  readonly active: boolean;
  readonly created: number;
  readonly delivery_estimate: object | null;
  readonly display_name: string;
  readonly fixed_amount: { readonly amount: number; readonly currency: string };
  readonly livemode: false;
  readonly metadata: Metadata;
  readonly tax_behavior: TaxBehavior;
  readonly tax_code: string | null;
  readonly type: "fixed_amount";
}

/** Whether a price includes its tax. */
export type TaxBehavior = "inclusive" | "exclusive" | "unspecified";

/** https://docs.stripe.com/api/customers/object */
export interface Customer {
  readonly id: string;
  readonly object: "customer";
  address: Address | null;
  readonly balance: 0;
  readonly created: number;
  readonly currency: null;
  readonly default_source: null;
  description: string | null;
  email: string | null;
  readonly livemode: false;
  metadata: Metadata;
  name: string | null;
  phone: string | null;
  shipping: (Recipient & { readonly phone: string | null }) | null;
  tax_exempt: "none";
}

/** All that remains of a deleted customer. */
export interface DeletedCustomer {
  readonly id: string;
  readonly object: "customer";
  readonly deleted: true;
}
