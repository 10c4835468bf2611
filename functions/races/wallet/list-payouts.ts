import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { isPseudonym } from "../../../shared/discord/pseudonym.ts";
import { oneLine } from "../../../shared/discord/theme.ts";
import { readSnowflake } from "../../../shared/documents/outside-id.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { racerAccount } from "../../../shared/money/ledger.ts";
import { isNearLimit, startOfTaxYear, taxStatuses } from "../../members/domain/tax.ts";
import { MAX_TAX_NOTE_LENGTH } from "../commands/wallet-definitions.ts";
import { leastPayout } from "../domain/payout.ts";
import { type Owed, payoutList, taxNotedText } from "../messages/payouts.ts";
import { payoutRefusalTexts } from "../messages/wallet.ts";
import { payoutAccountOf } from "./payout-account.ts";
import type { WalletDeps } from "./wallet-deps.ts";

/** So many racers are looked at. */
const MAX_RACERS = 300;
/** Wallets that are read at a time. */
const AT_A_TIME = 20;

/** `/payouts list`: who has money that can be paid out; who asked first. Reads only. */
export async function listPayouts(
  _command: DiscordCommand,
  deps: WalletDeps,
): Promise<OutgoingMessage> {
  const racers = await deps.ledger.racers(MAX_RACERS);
  const racerIds = racers.filter((racerId) => !isPseudonym(racerId));
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
        ...{ racerId, amount, currency, tax, requestedAt: request?.at },
        account: account?.state,
        isReached: amount >= leastPayout(config.PAYOUT_THRESHOLD, currency),
        isTaxDue: isMissing && isNearLimit(paid + amount, limit),
      };
    }),
  );
}

/** `/payouts tax`: the newest note counts; a repeat notes the same. */
export async function noteTax(
  { userId, options }: DiscordCommand,
  { wallets, clock }: WalletDeps,
): Promise<OutgoingMessage> {
  const racerId = readSnowflake(options["user"]);
  const status = taxStatuses.find((known) => known === options["form"]);
  if (!racerId || !status) return { content: payoutRefusalTexts.badUser };
  const note = oneLine(String(options["note"] ?? ""), MAX_TAX_NOTE_LENGTH) || undefined;
  await wallets.noteTax(racerId, { status, note, byId: userId, at: clock.now() });
  return { content: taxNotedText(racerId, status) };
}
