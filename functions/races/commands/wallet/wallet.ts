import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  type ValuesOf,
} from "../../../../shared/discord/definitions/define-command.ts";
import { user } from "../../../../shared/discord/definitions/options.ts";
import { type Account, racerAccount } from "../../../../shared/money/ledger.ts";
import type { CurrencySum } from "../../../../shared/money/ledger-sums.ts";
import { bookForgottenDebts } from "../../../shop/money/returning.ts";
import { leastPayout } from "../../domain/payout.ts";
import type { Lobby } from "../../domain/race.ts";
import { notYourWalletText, type WalletShare, wallet } from "../../messages/wallet.ts";
import { payoutAccountOf } from "../../wallet/payout-account.ts";
import type { WalletDeps } from "../../wallet/wallet-deps.ts";

/** Races a wallet shows. */
const MAX_RACES = 5;
/** As many looks into the past find them: each begins where the oldest race known began. */
const MAX_PAGES = 8;
const PAGE = 50;

/** `/wallet`. */
export const walletCommand = defineCommand({
  words: "wallet",
  description: "What you have earned in races; only you see it",
  options: { user: user("For the team: whose wallet", {}) },
  who: "everyone",
  answeredBy: "wallet",
});

/**
 * Shows the asker's own balances and last races, or for the team somebody's. Someone new has nothing, which is
 * shown. Reads only.
 */
export const showingWallet = /* @__PURE__ */ action(
  walletCommand,
  async (use, options, deps: WalletDeps) => {
    await bookForgottenDebts(use.userId, use.id, deps);
    return showWallet(use, options, deps);
  },
);

async function showWallet(
  { userId, avatarUrl, isStaff }: CommandUse,
  options: ValuesOf<typeof walletCommand>,
  deps: WalletDeps,
): Promise<OutgoingMessage> {
  const { ledger, clock, config } = deps;
  const named = options.user ?? userId;
  const isOwn = named === userId;
  if (!isOwn && !isStaff) return { content: notYourWalletText };
  const books = racerAccount(named);
  const now = clock.now();
  const [balances, nextRelease, lobbies, account] = await Promise.all([
    ledger.balances(books, now),
    ledger.nextRelease(books, now),
    lastLobbies(books, deps),
    payoutAccountOf(named, deps),
  ]);
  const races = await Promise.all(
    lobbies.map(async ({ id, name }) => {
      const pots = await ledger.potOf(id);
      return { name, shares: await sharesOf(id, books, pots, deps) };
    }),
  );
  const currency = config.SHOP_CURRENCY;
  const nothing = { currency, available: 0, pending: 0, frozen: 0, lifetime: 0 };
  const shown = balances.length > 0 ? balances : [nothing];
  return wallet({
    nextRelease,
    races,
    avatarUrl: isOwn ? avatarUrl : undefined,
    ofId: isOwn ? undefined : named,
    balances: shown,
    account: account?.state,
    leastPayouts: shown.map((balance) => ({
      currency: balance.currency,
      amount: leastPayout(config.PAYOUT_THRESHOLD, balance.currency),
    })),
  });
}

/** What someone earned of a race, and all its racers together, in each of its currencies. */
function sharesOf(
  lobbyId: string,
  account: Account,
  pots: readonly CurrencySum[],
  { ledger }: Pick<WalletDeps, "ledger">,
): Promise<WalletShare[]> {
  return Promise.all(
    pots.map(async ({ currency, amount: pot }) => ({
      currency,
      pot,
      earned: await ledger.earnedIn(lobbyId, account, currency),
    })),
  );
}

/** When the race began in which something was booked; undefined when it was not going on then. */
function startOfRace(lobby: Lobby | undefined, at: Date): Date | undefined {
  const { openedAt, closedAt } = lobby ?? {};
  return openedAt && openedAt < at && (!closedAt || at < closedAt) ? openedAt : undefined;
}

/** The lobbies of the account's newest postings. One race may have thousands of them: they are leapt over. */
async function lastLobbies(
  account: Account,
  { ledger, lobbies }: Pick<WalletDeps, "ledger" | "lobbies">,
): Promise<Lobby[]> {
  const found = new Map<string, Lobby | undefined>();
  let before: Date | undefined;
  for (let page = 0; page < MAX_PAGES && found.size < MAX_RACES; page += 1) {
    const postings = await ledger.newest(account, PAGE, before);
    const named = postings.flatMap(({ lobbyId }) => (lobbyId === undefined ? [] : [lobbyId]));
    const unknown = [...new Set(named)].filter((id) => !found.has(id));
    const read = await Promise.all(unknown.map((id) => lobbies.get(id)));
    for (const [index, id] of unknown.entries()) found.set(id, read[index]);
    const last = postings.at(-1);
    if (!last || postings.length < PAGE) break;
    before = startOfRace(found.get(last.lobbyId ?? ""), last.at) ?? last.at;
  }
  return [...found.values()].flatMap((lobby) => (lobby ? [lobby] : [])).slice(0, MAX_RACES);
}
