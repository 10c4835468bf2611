/** A stored order. Amounts are minor units, times milliseconds. */
export interface OrderState {
  readonly id: string;
  readonly buyer: string;
  readonly builder: string;
  readonly status: string;
  readonly plan: string;
  /** How many pieces it is for. */
  readonly quantity: number;
  readonly amount: number;
  readonly fee: number;
  /** What of the amount is for shipping. */
  readonly shipping: number;
  /** What of the amount is tax on that, and what is tax in all. */
  readonly shippingTax: number;
  readonly tax: number;
  /** What of the shipping is refunded or requested. */
  readonly requestedShipping: number;
  readonly parcelId: string | undefined;
  readonly parcelState: string | undefined;
  /** The state of the buyer's request to cancel it. */
  readonly cancellation: string | undefined;
  /** When that was made. */
  readonly askedAtMs: number | undefined;
  /** The drop or auction that it is of. */
  readonly soldAs: string | undefined;
  readonly delivery: DeliveryState | undefined;
  readonly currency: string;
  readonly sessionId: string | undefined;
  readonly intentId: string | undefined;
  readonly chargeId: string | undefined;
  readonly paidAtMs: number | undefined;
  readonly heldUntilMs: number | undefined;
  readonly hold: string | undefined;
  readonly proof: string | undefined;
  readonly requested: number;
  readonly refunded: number;
  readonly openRefunds: readonly string[];
  readonly attempt: number;
  readonly disputes: readonly DisputeState[];
  readonly given: GivenState;
}

/** A way of delivery that Checkout offers. */
export interface DeliveryOption {
  /** The zone that it is for. */
  readonly id: string;
  readonly amount: number;
  readonly countries: readonly string[];
}

/** How an order is delivered, as stored with it. */
export interface DeliveryState {
  /** None: it is picked up. */
  readonly options: readonly DeliveryOption[];
  /** The parcel that makes it cheaper. */
  readonly joins: string | undefined;
  readonly dispatchDays: number;
  readonly bundleHours: number;
}

/** What a parcel costs to some countries. */
export interface ZoneTerms {
  readonly kind: string;
  readonly countries: readonly string[];
  readonly price: number;
  readonly further: number;
}

/** How a builder, a drop or an auction ships, as stored. */
export interface TermsState {
  /** The builder's own id for what new drops and auctions begin with. */
  readonly id: string;
  readonly builder: string;
  /** Of an auction. */
  readonly state: string | undefined;
  readonly terms:
    | {
        readonly from: string;
        readonly zones: readonly ZoneTerms[];
        readonly freeFrom: number | undefined;
        readonly dispatchDays: number;
        readonly needsPhone: boolean;
        readonly isPickup: boolean;
        readonly bundleHours: number;
      }
    | undefined;
}

/** A dispute as stored with its order. */
export interface DisputeState {
  readonly id: string;
  readonly outcome: string;
  readonly withdrawn: number;
  readonly isInquiry: boolean;
  readonly isBooked: boolean;
}

/** What the builder received of an order. */
export interface GivenState {
  readonly ids: readonly string[];
  readonly gross: number;
  readonly netted: number;
  readonly takenBack: number;
  readonly sending: SendingState | undefined;
}

/** A transfer that is decided and has no outcome yet. */
export interface SendingState {
  readonly account: string;
  readonly gross: number;
  readonly netted: number;
  readonly parts: readonly { readonly id: string; readonly part: number }[];
}

/** A refund, or a lost dispute, as stored with its order. */
export interface RefundState {
  readonly orderId: string;
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly amount: number;
  /** What of it is for shipping. */
  readonly shipping: number;
}

/** A builder's debt for an order. */
export interface DebtState {
  readonly id: string;
  readonly builder: string;
  readonly orderId: string | undefined;
  readonly amount: number;
  readonly settled: number;
  /** The amount reversed from transfers. */
  readonly reversed: number;
  /** The number of attempted reversals. */
  readonly reversals: number;
  /** The amount currently being reversed. */
  readonly reversing: number | undefined;
}

/** A stored parcel. */
export interface ParcelState {
  readonly id: string;
  readonly buyer: string;
  readonly builder: string;
  readonly state: string;
  readonly orderIds: readonly string[];
  /** How many pieces of each order are in it, in the same order. */
  readonly quantities: readonly number[];
  readonly isPriceWrong: boolean;
  readonly tracking: string | undefined;
  readonly arrivedBy: string | undefined;
  readonly dispatchByMs: number;
  readonly sentAtMs: number | undefined;
}

/** What a buyer has reported about an order, as stored. */
export interface CaseState {
  readonly orderId: string;
  readonly parcelId: string;
  readonly buyer: string;
  readonly builder: string;
  readonly state: string;
  readonly outcome: string | undefined;
  /** How many copies of pictures there are. */
  readonly pictures: number;
  readonly movedBy: string;
  readonly version: number;
  readonly updatedAtMs: number;
}

/** A state before and after a commit. */
export interface Changed<State> {
  readonly before: State | undefined;
  readonly now: State;
}

/** A commit's changes to orders. */
export interface OrderCommit {
  readonly atMs: number;
  readonly orders: readonly Changed<OrderState>[];
  readonly refunds: readonly Changed<RefundState>[];
  readonly debts: readonly Changed<DebtState>[];
  readonly parcels: readonly Changed<ParcelState>[];
  readonly cases: readonly Changed<CaseState>[];
  readonly terms: readonly Changed<TermsState>[];
  /** The keys of messages recorded as sent. */
  readonly sentKeys: readonly string[];
}
