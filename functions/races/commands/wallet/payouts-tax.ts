import { action } from "../../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../../shared/discord/definitions/define-command.ts";
import { choice, text, user } from "../../../../shared/discord/definitions/options.ts";
import { snowflakeTimeMs } from "../../../../shared/discord/snowflake.ts";
import { oneLine } from "../../../../shared/discord/theme.ts";
import type { TaxStatus } from "../../../members/domain/tax.ts";
import { taxNotedText } from "../../messages/payouts.ts";
import type { WalletDeps } from "../../wallet/wallet-deps.ts";

const MAX_NOTE_LENGTH = 200;

const forms = {
  "w-9": "W-9",
  "w-8ben": "W-8BEN",
  "not-needed": "none is needed",
  missing: "nothing yet",
} as const satisfies Record<TaxStatus, string>;

/** `/payouts tax`. */
export const taxCommand = defineCommand({
  words: "payouts tax",
  description: "Note which tax form you have of a racer; for the team",
  options: {
    user: user("The racer", { required: true }),
    form: choice("What you have", { required: true, choices: forms }),
    note: text("Where it is kept, for the team; no numbers from the form", {
      maxLength: MAX_NOTE_LENGTH,
    }),
  },
  who: "staff",
  answeredBy: "wallet",
});

/** Notes a tax form; the one typed last counts, however late another is delivered, and a repeat notes the same. */
export const notingTax = /* @__PURE__ */ action(
  taxCommand,
  async (
    { id, userId },
    { user: racerId, form: status, note: typed = "" },
    { wallets }: Pick<WalletDeps, "wallets">,
  ) => {
    const note = oneLine(typed, MAX_NOTE_LENGTH) || undefined;
    const at = new Date(snowflakeTimeMs(id));
    const newest = await wallets.noteTax(racerId, { status, note, byId: userId, at });
    return { content: taxNotedText(racerId, newest.status, { isOvertaken: newest.at > at }) };
  },
);
