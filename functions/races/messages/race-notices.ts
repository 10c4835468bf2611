import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import type { Lobby } from "../domain/race.ts";
import { lobbyName, moneyText } from "./races.ts";

interface Money {
  readonly currency: string;
  readonly amount: number;
}

/** To a racer, when a race has earned them something for the first time. */
export function firstShareNotice(lobby: Lobby, shares: readonly Money[]): OutgoingMessage {
  return {
    content: `💰 Your first share of ${lobbyName(lobby)}: ${moneyText(shares)}. More comes with each sale while you race; \`/wallet\` shows all of it and when it can be paid out.`,
  };
}

/** To a racer, when a buyer got money back of a sale they share in. */
export function clawbackNotice(lobby: Lobby | undefined, taken: Money): OutgoingMessage {
  const where = lobby ? ` in ${lobbyName(lobby)}` : "";
  return {
    content: `↩️ A buyer got money back for a sale you share in${where}, so ${moneyText([taken])} of your share went back too. \`/wallet\` shows what you have now. If more goes back today I won't write again.`,
  };
}

/** To a racer, when what they have available reaches the minimum payout. */
export function releaseNotice(available: readonly Money[]): OutgoingMessage {
  return {
    content: `🎉 You can be paid now: ${moneyText(available)} of your earnings are available. \`/wallet\` shows your balance; ask the team for a payout.`,
  };
}
