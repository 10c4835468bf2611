/** PENDING: the form is not finished. RESTRICTED: it was finished, and Stripe needs more. */
export const accountStates = ["PENDING", "ACTIVE", "RESTRICTED", "REJECTED"] as const;
export type AccountState = (typeof accountStates)[number];

/** The fields of a connected account at Stripe that we use. */
export interface AccountFacts {
  /** Fixed when the account is created. */
  readonly country: string;
  readonly detailsSubmitted: boolean;
  readonly payoutsEnabled: boolean;
  /** The `transfers` capability is active. */
  readonly takesTransfers: boolean;
  readonly disabledReason: string | undefined;
  /** Stripe's names for missing requirements, overdue ones first. */
  readonly missing: readonly string[];
}

/** The state of a connected account. */
export function accountStateOf(account: AccountFacts): AccountState {
  if (account.disabledReason?.startsWith("rejected.")) return "REJECTED";
  if (!account.detailsSubmitted) return "PENDING";
  if (account.takesTransfers && account.payoutsEnabled) return "ACTIVE";
  const isUnderReview = account.missing.length === 0 && !account.disabledReason;
  return isUnderReview ? "PENDING" : "RESTRICTED";
}

/** Plain words for Stripe's names of requirements. https://docs.stripe.com/connect/handling-api-verification */
const REQUIREMENTS: readonly (readonly [RegExp, string])[] = [
  [/external_account/, "a bank account for your payouts"],
  [/tos_acceptance/, "your agreement to Stripe's terms"],
  [/verification\.document|proof_of_liveness/, "a photo of your identity document"],
  [/verification\.additional_document/, "a second document that shows your address"],
  [/\bdob\b/, "your date of birth"],
  [/address/, "your address"],
  [/id_number|ssn_last_4/, "your tax or identity number"],
  [/email/, "your email address"],
  [/phone/, "your phone number"],
  [/first_name|last_name|\bname\b/, "your name"],
  [/business_profile|business_type|company/, "what your business is"],
];

/** Missing requirements in plain words, without duplicates. An unknown name stays as it is. */
export function inPlainWords(missing: readonly string[]): string[] {
  const words = missing.map(
    (name) => REQUIREMENTS.find(([pattern]) => pattern.test(name))?.[1] ?? name,
  );
  return [...new Set(words)];
}
