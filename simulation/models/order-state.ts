/** An order as it is stored at one moment. Amounts are minor units, times milliseconds. */
export interface OrderState {
  readonly id: string;
  readonly buyer: string;
  readonly builder: string;
  readonly status: string;
  readonly plan: string;
  readonly amount: number;
  readonly fee: number;
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

/** What an order knows of one of its disputes. */
export interface DisputeState {
  readonly id: string;
  readonly outcome: string;
  readonly withdrawn: number;
  readonly isInquiry: boolean;
  readonly isBooked: boolean;
}

/** What the builder was given of an order. */
export interface GivenState {
  readonly ids: readonly string[];
  readonly gross: number;
  readonly netted: number;
  readonly takenBack: number;
  readonly sending: SendingState | undefined;
}

/** A transfer that is decided and has no outcome. */
export interface SendingState {
  readonly account: string;
  readonly gross: number;
  readonly netted: number;
  readonly parts: readonly { readonly id: string; readonly part: number }[];
}

/** A refund, or a dispute that was lost, as it is stored with its order. */
export interface RefundState {
  readonly orderId: string;
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly amount: number;
}

/** What a builder owes of an order. */
export interface DebtState {
  readonly id: string;
  readonly builder: string;
  readonly orderId: string | undefined;
  readonly amount: number;
  readonly settled: number;
  /** What of that was taken back of transfers. */
  readonly reversed: number;
  /** How often that was tried. */
  readonly reversals: number;
  /** What is being taken back now. */
  readonly reversing: number | undefined;
}

/** What something was before a commit, and what it is after. */
export interface Changed<State> {
  readonly before: State | undefined;
  readonly now: State;
}

/** What one commit did to orders. */
export interface OrderCommit {
  readonly atMs: number;
  readonly orders: readonly Changed<OrderState>[];
  readonly refunds: readonly Changed<RefundState>[];
  readonly debts: readonly Changed<DebtState>[];
  /** Messages that are recorded as sent, by their keys. */
  readonly said: readonly string[];
}
