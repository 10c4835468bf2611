import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import type { Lobby } from "../domain/race.ts";
import { lobbyName, moneyText } from "./races.ts";

interface Money {
  readonly currency: string;
  readonly amount: number;
}

/** Notifies a racer of the first share that a race has earned them. */
export function firstShareNotice(lobby: Lobby, shares: readonly Money[]): OutgoingMessage {
  return {
    content: `💰 Cha-ching! Your first share of ${lobbyName(lobby)}: ${moneyText(shares)}. More comes with each sale while you race; \`/wallet\` shows all of it and when it can be paid out.`,
  };
}

/** Notifies a racer of a refund of a sale that they share in. */
export function clawbackNotice(lobby: Lobby | undefined, taken: Money): OutgoingMessage {
  const where = lobby ? ` in ${lobbyName(lobby)}` : "";
  return {
    content: `↩️ A buyer got money back for a sale you share in${where}, so ${moneyText([taken])} of your share went back too. \`/wallet\` shows what you have now. If more goes back today, I won't message you again.`,
  };
}

/** Notifies a racer whose available balance has reached the minimum payout. */
export function releaseNotice(available: readonly Money[]): OutgoingMessage {
  return {
    content: `🎉 Exciting news: you can be paid! ${moneyText(available)} of your earnings are available. Open \`/wallet\` and press **Ask for a payout**.`,
  };
}
