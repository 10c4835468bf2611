import {
  fallback,
  integer,
  list,
  oneOf,
  optionalGroup,
  personal,
  readApart,
  text,
} from "../../../shared/documents/fields.ts";
import { accountStates } from "../../../shared/money/seller-account.ts";

const THEIRS = { erase: "delete-document", export: "included" } as const;

/** Someone's connected account at Stripe. */
export const account = optionalGroup(["stripe_account_id"], {
  id: personal(text("stripe_account_id"), THEIRS),
  state: fallback(oneOf("stripe_account_state", accountStates), "PENDING"),
  /** Stripe's names of missing requirements. */
  missing: fallback(list("stripe_account_missing", text()), []),
  /** Counts the changes of state, so that the builder or racer is notified once of each. */
  version: fallback(integer("stripe_account_version"), 0),
});

/** Accounts that were replaced by another one. */
export const formerAccountIds = readApart(personal(list("stripe_former_accounts", text()), THEIRS));
