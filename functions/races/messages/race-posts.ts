import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { relativeTime } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { type Lobby, racersOf } from "../domain/race.ts";
import type { RaceGoal } from "../domain/race-goal.ts";
import { shortShopAddress } from "../domain/shop-link.ts";
import { lobbyName, pageOf, percent, shopButton } from "./races.ts";

/** The post in the channel when the window opens. Pings the racers. */
export function startedPost(lobby: Lobby, siteUrl: string): OutgoingMessage {
  const racerIds = racersOf(lobby);
  const closes = lobby.closesAt
    ? ` until the finish and closes ${relativeTime(lobby.closesAt)} at the latest`
    : "";
  const who = racerIds.map((id) => `<@${id}>`).join(" ");
  const address = shortShopAddress(lobby, siteUrl);
  const shop = address === undefined ? "" : ` Viewers buy at <${address}>.`;
  return {
    content: `🏁 ${lobbyName(lobby)} has started! The commission window is open${closes}: ${percent(lobby.rateBps)} of every merch sale is shared by the racers.${shop} Go ${who}!`,
    buttons: [{ label: "Watch", url: pageOf(lobby, siteUrl) }, ...shopButton(lobby, siteUrl)],
    pings: { users: racerIds },
  };
}

/** The post in the channel when the pot reaches its goal. Pings nobody. */
export function goalReachedPost(
  lobby: Lobby,
  { amount, currency }: RaceGoal,
  siteUrl: string,
): OutgoingMessage {
  return {
    content: `🎉 ${lobbyName(lobby)} has reached its goal of **${formatMoney(amount, currency)}**! Thank you, everyone who bought something.`,
    buttons: [{ label: "Watch", url: pageOf(lobby, siteUrl) }],
  };
}

/** The post in the channel when a host races again with the same people. Pings everyone who has a seat. */
export function againPost(lobby: Lobby): OutgoingMessage {
  const racerIds = racersOf(lobby);
  const who = racerIds.map((id) => `<@${id}>`).join(" ");
  return {
    content: `🏎️ <@${lobby.hostId}> races again: ${lobbyName(lobby)} is open, and you have your seats, ${who}. Press Leave under its message if you can't race this time; everyone else can press Join.`,
    pings: { users: racerIds },
  };
}
