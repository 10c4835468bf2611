import type { Button, OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { fullTime } from "../../../shared/discord/theme.ts";
import { goOnButton } from "../commands/buttons.ts";
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
    content: `↩️ A buyer got money back for a sale${where} that you share in, so ${moneyText([taken])} of your share went back too. \`/wallet\` shows what you have now. If more goes back today, I won't message you again.`,
  };
}

/** Notifies a racer whose available balance has reached the minimum payout. */
export function releaseNotice(available: readonly Money[]): OutgoingMessage {
  return {
    content: `🎉 Exciting news: you can be paid! ${moneyText(available)} of your earnings is available. Open \`/wallet\` and press **Ask for a payout**.`,
  };
}

/** Notifies the racer who waited longest that they have a seat. */
export function movedUpNotice(lobby: Lobby): OutgoingMessage {
  const from =
    lobby.state === "racing"
      ? "The race is on: from now on you share in its sales."
      : "The host starts the race soon.";
  return {
    content: `🏎️ A seat in ${lobbyName(lobby)} is yours, in <#${lobby.channelId}>. ${from} If you can't race, press Leave there.`,
  };
}

/** Notifies a racer that the host or the team has taken them out. */
export function kickedNotice(
  lobby: Lobby,
  { userId }: { readonly userId: string },
): OutgoingMessage {
  const who = userId === lobby.hostId ? "The host" : "The team";
  const earned =
    lobby.openedAt === undefined ? "" : " What you have earned so far stays yours: see `/wallet`.";
  return {
    content: `${who} has taken you out of ${lobbyName(lobby)} in <#${lobby.channelId}>, so you can't join it again; the next race is open to you.${earned} If that surprises you, ask them there.`,
  };
}

/** Warns the host before an open window closes, by DM or in the channel. */
export function closingNotice(
  lobby: Lobby,
  closesAt: Date,
  { canGoOn, isPublic }: { readonly canGoOn: boolean; readonly isPublic: boolean },
): OutgoingMessage {
  const greeting = isPublic ? `<@${lobby.hostId}>, ` : "";
  const then = canGoOn
    ? "Press the button to keep it open."
    : "It has reached the longest time a window may be open, so it can't be extended.";
  return {
    content: `⏰ ${greeting}the commission window of ${lobbyName(lobby)} closes automatically ${fullTime(closesAt)}. ${then}`,
    ...(canGoOn && { buttons: [goOnButtonFor(lobby, closesAt)] }),
    ...(isPublic && { pings: { users: [lobby.hostId] } }),
  };
}

function goOnButtonFor({ id }: Lobby, closesAt: Date): Button {
  return {
    label: "Keep it open for an hour",
    id: goOnButton.id({ lobbyId: id, closesAtMs: closesAt.getTime() }),
    style: "success",
  };
}
