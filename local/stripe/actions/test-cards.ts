/** Why a bank refuses a card: https://docs.stripe.com/declines/codes */
export interface CardFailure {
  readonly code: string;
  readonly decline_code?: string;
  readonly message: string;
}

/** What follows a payment by a test card. */
type Consequence =
  | { readonly kind: "paid" }
  | { readonly kind: "authenticates" }
  | { readonly kind: "declined"; readonly failure: CardFailure }
  | { readonly kind: "disputed"; readonly reason: string; readonly isInquiry: boolean };

/** A card that Stripe has for tests. */
export interface TestCard {
  /** Digits only. */
  readonly number: string;
  readonly brand: "visa" | "mastercard";
  /** What it does, for people. */
  readonly does: string;
  readonly consequence: Consequence;
}

const declined = (code: string, message: string, declineCode?: string): Consequence => ({
  kind: "declined",
  failure: { code, ...(declineCode !== undefined && { decline_code: declineCode }), message },
});
const disputed = (reason: string, isInquiry = false): Consequence => ({
  kind: "disputed",
  reason,
  isInquiry,
});

/** The decline that has no other reason. */
export const GENERIC_DECLINE: CardFailure = {
  code: "card_declined",
  decline_code: "generic_decline",
  message: "Your card was declined.",
};

/** Of https://docs.stripe.com/testing, those that make a difference here. */
export const TEST_CARDS: readonly [TestCard, ...TestCard[]] = [
  card("4242424242424242", "pays", { kind: "paid" }),
  { ...card("5555555555554444", "pays", { kind: "paid" }), brand: "mastercard" },
  card("4000002760003184", "needs 3D Secure", { kind: "authenticates" }),
  card("4000000000000002", "declined", { kind: "declined", failure: GENERIC_DECLINE }),
  card(
    "4000000000009995",
    "declined: no funds",
    declined("card_declined", "Your card has insufficient funds.", "insufficient_funds"),
  ),
  card(
    "4000000000009987",
    "declined: lost",
    declined("card_declined", "Your card was declined.", "lost_card"),
  ),
  card("4000000000000069", "declined: expired", declined("expired_card", "Your card has expired.")),
  card(
    "4000000000000127",
    "declined: wrong CVC",
    declined("incorrect_cvc", "Your card's security code is incorrect."),
  ),
  card("4000000000000259", "disputed as fraud", disputed("fraudulent")),
  card("4000000000002685", "disputed: not received", disputed("product_not_received")),
  card("4000000000001976", "pays, then inquiry", disputed("fraudulent", true)),
];

/** Finds a test card by its number, spaces ignored. Throws when there is none. */
export function testCard(number: string): TestCard {
  const digits = number.replaceAll(/\s/g, "");
  const found = TEST_CARDS.find((each) => each.number === digits);
  if (!found) throw new Error("Only Stripe's test cards can be used here.");
  return found;
}

function card(number: string, does: string, consequence: Consequence): TestCard {
  return { number, brand: "visa", does, consequence };
}
