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
  /** Stripe's names of what is missing. */
  missing: fallback(list("stripe_account_missing", text()), []),
  /** Counts the changes of state, so that its builder or racer is notified of each once. */
  version: fallback(integer("stripe_account_version"), 0),
});

/** Accounts that another one has taken the place of. */
export const formerAccountIds = readApart(personal(list("stripe_former_accounts", text()), THEIRS));
