import { defineDocument } from "../../../shared/documents/define-document.ts";
import {
  oneOf,
  optional,
  person,
  personal,
  readApart,
  text,
  time,
} from "../../../shared/documents/fields.ts";
import { moneyCommands } from "../../../shared/money/money-command-fields.ts";
import { taxStatuses } from "../domain/tax.ts";
import { account, formerAccountIds } from "./account-fields.ts";

const THEIRS = { erase: "delete-document", export: "included" } as const;

export const walletDocument = defineDocument({
  collection: "wallets",
  about:
    "What is known of a racer besides their money. Every payout of theirs writes it, so that of two at once the second sees what the first has left.",
  key: { what: "Discord user id", personal: THEIRS },
  kept: "until the racer is forgotten",
  exportedIn: ["wallet"],
  fields: {
    /** Connected to receive transfers. A builder is paid to their shop's account instead. */
    account,
    formerAccountIds,
    /** Which tax form the team has. */
    taxStatus: optional(personal(oneOf("tax_status", taxStatuses), THEIRS)),
    taxNote: optional(personal(text("tax_note"), THEIRS)),
    /** The member of staff who noted it. */
    taxById: optional(person("tax_by_id", { erase: "replace-with-alias", export: "included" })),
    taxAt: optional(time("tax_at")),
    /** A request to be paid that was not met yet. */
    requestId: optional(text("request_id")),
    requestedAt: optional(time("requested_at")),
    /** The last payout commands: of identical ones only one counts. */
    commands: readApart(moneyCommands("commands")),
    /** When shares of theirs were last frozen. */
    frozenAt: readApart(time("frozen_at")),
  },
});
