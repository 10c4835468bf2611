import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action } from "../../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../../shared/discord/definitions/define-command.ts";
import { isPseudonym } from "../../../../shared/discord/pseudonym.ts";
import { racerAccount } from "../../../../shared/money/ledger.ts";
import { isNearLimit, startOfTaxYear } from "../../../members/domain/tax.ts";
import { leastPayout } from "../../domain/payout.ts";
import { type Owed, payoutList } from "../../messages/payouts.ts";
import { payoutAccountOf } from "../../wallet/payout-account.ts";
import type { WalletDeps } from "../../wallet/wallet-deps.ts";

/** As many racers are looked at. */
const MAX_RACERS = 300;
/** As many of those who asked are looked at besides. */
const MAX_ASKED = 50;
/** Wallets that are read at a time. */
const AT_A_TIME = 20;

/** `/payouts list`. */
export const listPayoutsCommand = defineCommand({
  words: "payouts list",
  description: "Who can be paid, who asked, and whose tax form is missing; for the team",
  options: {},
  who: "staff",
  answeredBy: "wallet",
});

/** Shows who has money that can be paid out, those who asked for it first. Reads only. */
export const listingPayouts = /* @__PURE__ */ action(
  listPayoutsCommand,
  (_use, _values, deps: WalletDeps) => listPayouts(deps),
);

async function listPayouts(deps: WalletDeps): Promise<OutgoingMessage> {
  const [racers, asked] = await Promise.all([
    deps.ledger.racers(MAX_RACERS),
    deps.wallets.withRequest(MAX_ASKED),
  ]);
  const racerIds = [...new Set([...asked, ...racers])].filter((racerId) => !isPseudonym(racerId));
  const owed: Owed[] = [];
  for (let from = 0; from < racerIds.length; from += AT_A_TIME) {
    const some = racerIds.slice(from, from + AT_A_TIME);
    owed.push(...(await Promise.all(some.map((racerId) => owedTo(racerId, deps)))).flat());
  }
  return payoutList(owed, { isAll: racers.length < MAX_RACERS });
}

async function owedTo(
  racerId: string,
  { ledger, wallets, payouts, config, clock, ...deps }: WalletDeps,
): Promise<Owed[]> {
  const now = clock.now();
  const balances = await ledger.balances(racerAccount(racerId), now);
  const payable = balances.filter(({ available }) => available > 0);
  if (payable.length === 0) return [];
  const { tax, request } = await wallets.get(racerId);
  const account = await payoutAccountOf(racerId, { wallets, ...deps });
  const isMissing = (tax?.status ?? "missing") === "missing";
  return Promise.all(
    payable.map(async ({ available: amount, currency }) => {
      const paid = await payouts.paidSince(racerId, currency, startOfTaxYear(now));
      const limit = config.TAX_YEARLY_LIMIT.get(currency) ?? 0;
      return {
        racerId,
        amount,
        currency,
        tax,
        requestedAt: request?.at,
        account: account?.state,
        isReached: amount >= leastPayout(config.PAYOUT_THRESHOLD, currency),
        isTaxDue: isMissing && isNearLimit(paid + amount, limit),
      };
    }),
  );
}
