import { relativeTime } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import {
  type Act,
  isOver,
  type Lobby,
  type LobbyState,
  MAX_INTERVALS_EACH,
  MAX_WAITING,
  racersOf,
} from "../domain/race.ts";
import type { GoalProgress } from "../domain/race-goal.ts";
import { lobbyName, percent } from "./races.ts";

/** Answers about races that need no values. */
export const raceTexts = {
  noChannel: "Use that in the channel where the race is.",
  badShop:
    "I can't read that shop's address. Copy it from your browser (`https://buy.stripe.com/…`, `https://ko-fi.com/…` or your shop's address) and try again.",
  unknown:
    "I can't find that lobby. Pick one from the list that appears while you type, or press the button under its message.",
  none: "There is no matching lobby here. Open one with `/race lobby`.",
  notHost: "Only the host of a lobby can do that. Open your own with `/race lobby`.",
  notHostOrStaff: "Only the host of a lobby or the team can do that.",
  noRacers: "Nobody has joined yet. A race needs at least one racer; you can press Join yourself.",
  didNotRace: "They didn't race in it, so they can't have won. Pick someone who did.",
  nobody: "Pick the person from Discord's list.",
  outdated: "You've pressed something else since then. The lobby's message shows where you stand.",
} as const;

/** The permissions that the bot needs in a channel. */
const PERMISSIONS =
  "**View Channel**, **Send Messages** (in a thread **Send Messages in Threads**) and **Embed Links**";

/** The host's answer when the bot may not post in the channel. */
export function mayNotPostText(channelId: string): string {
  return `I can't post in <#${channelId}>, so there is no lobby. Allow me ${PERMISSIONS} in that channel, then try again.`;
}

/** The host's answer when they already host a lobby. */
export function hasLobbyText(lobby: Lobby): string {
  const way =
    lobby.state === "open"
      ? "Race there, or call it off with `/race cancel` first."
      : "Close its window with `/finish` first.";
  return `You already host ${lobbyName(lobby)} in <#${lobby.channelId}>, and a host has one race at a time. ${way}`;
}

/** The host's answer: the lobby is open. */
export function lobbyOpenText(lobby: Lobby): string {
  return `🏎️ ${lobbyName(lobby)} is open in <#${lobby.channelId}>, with ${lobby.seats} ${lobby.seats === 1 ? "seat" : "seats"}. When everyone is in, \`/start\` opens the commission window. \`/race overlay\` gives you the Live Pot for OBS.`;
}

/** A racer of the last race who has no seat in the next one: they left the server or are in another lobby. */
export interface LeftOut {
  readonly racerId: string;
  readonly isGone: boolean;
  readonly elsewhere?: Lobby | undefined;
}

/** The host's answer: the next race is open, with the racers of the last one. */
export function againText(lobby: Lobby, leftOut: readonly LeftOut[]): string {
  const racers = racersOf(lobby).length;
  const lines = leftOut.map(({ racerId, isGone, elsewhere }) => {
    if (isGone) return `• <@${racerId}> has left the server.`;
    if (!elsewhere) return `• <@${racerId}> has no seat: they can press Join.`;
    return `• <@${racerId}> races or waits in ${lobbyName(elsewhere)} in <#${elsewhere.channelId}>: they need to leave it there, then press Join here.`;
  });
  const without = lines.length > 0 ? ["Without a seat:", ...lines] : [];
  return [
    `🏎️ ${lobbyName(lobby)} is open again in <#${lobby.channelId}>, with ${racers} ${racers === 1 ? "racer" : "racers"} from last time in their seats. When everyone is in, \`/start\` opens the commission window.`,
    ...without,
  ].join("\n");
}

/** Why a lobby can't be started, finished or called off now. */
export function wrongStateText(lobby: Pick<Lobby, "name" | "state" | "isLapsed">): string {
  const reasons: Readonly<Record<LobbyState, string>> = {
    open: "has not started yet. `/start` opens its window, and `/race cancel` calls it off.",
    racing: "is racing. `/finish` closes its window.",
    finished: "is over. `/race report` shows how it went, and `/race again` opens the next.",
    cancelled: lobby.isLapsed
      ? "was not started within a day, so it was called off. `/race lobby` opens another."
      : "was called off. `/race lobby` opens another.",
  };
  return `${lobbyName(lobby)} ${reasons[lobby.state]}`;
}

/** Asks which of several lobbies is meant. */
export function whichText(lobbies: readonly Lobby[]): string {
  const lines = lobbies.map((lobby) => `• ${lobbyName(lobby)}, ${lobby.state}: \`${lobby.id}\``);
  return `Which lobby do you mean? Run the command again and name it with \`lobby:\`.\n${lines.join("\n")}`;
}

/** The answer to a racer who joins or leaves. */
export function actText(lobby: Lobby, racerId: string, { outcome }: Act): string {
  const name = lobbyName(lobby);
  const place = lobby.waitingIds.indexOf(racerId) + 1;
  const queue = place > 0 ? `, as number ${place}` : "";
  const texts: Readonly<Record<Act["outcome"], string>> = {
    joined:
      lobby.openedAt === undefined
        ? `🏎️ You're in! You race in ${name}. From the host's start on, you share in its sales.`
        : `🏎️ You're in! You race in ${name}. From now on you share in its sales.`,
    waiting: `All seats of ${name} are taken. You are on the waiting list${queue}; I'll send you a message when a seat is yours.`,
    already: `You already race in ${name}. Press Leave if you can't.`,
    "already-waiting": `You are already on the waiting list of ${name}${queue}. I'll send you a message when a seat is yours.`,
    kicked: `You were taken out of ${name}, so you can't join it again. The next race is open to you.`,
    elsewhere:
      "You race or wait for a seat in another lobby. Leave it first: people are in one lobby at a time.",
    "too-often": `You have joined and left ${name} ${MAX_INTERVALS_EACH} times, and that's the limit. The next race is open to you.`,
    "too-many": `So many people have come and gone in ${name} that nobody can join it any more. The next race is open to you.`,
    full: `${name} is full, and ${MAX_WAITING} people are waiting. Try again when someone has left.`,
    left:
      lobby.openedAt === undefined
        ? `You have left ${name}. Press Join if you change your mind.`
        : `You have left ${name}. What you have earned so far stays yours: see \`/wallet\`.`,
    "no-longer-waiting": `You are no longer on the waiting list of ${name}.`,
    "not-here": `You don't race in ${name}. Press Join if you want to.`,
  };
  return texts[outcome];
}

/** The answer to a racer who is in another lobby. It helps even if that lobby's message is gone. */
export function elsewhereText({ id, name, hostId, channelId }: Lobby): string {
  return `You race or wait for a seat in ${lobbyName({ name })} in <#${channelId}>, and people are in one lobby at a time. Press Leave under its message there, then Join here. If you can't find that message, ask its host <@${hostId}> or the team to take you out: \`/race kick\` with \`lobby: ${id}\`.`;
}

/** The host's answer to `/race kick`. */
export function kickText(lobby: Lobby, racerId: string, { outcome, movedUp }: Act): string {
  if (outcome === "not-here") {
    return `<@${racerId}> is not in ${lobbyName(lobby)}, so there is nothing to do.`;
  }
  const next = movedUp === undefined ? "" : ` <@${movedUp}> moves up.`;
  return `<@${racerId}> is out of ${lobbyName(lobby)}, and can't join it again.${next}`;
}

/** The host's answer to `/race kick` when the racer has joined or left since. */
export function kickOutdatedText(lobby: Lobby, racerId: string): string {
  return `<@${racerId}> has joined or left since then. The message of ${lobbyName(lobby)} shows who races; run \`/race kick\` again if you still want to.`;
}

/** The host's answer to `/start`. */
export function startText(lobby: Lobby): string {
  const closes = lobby.closesAt ? relativeTime(lobby.closesAt) : "in an hour";
  const racers = racersOf(lobby).length;
  return `🏁 ${lobbyName(lobby)} is on, with ${racers} ${racers === 1 ? "racer" : "racers"}. ${percent(lobby.rateBps)} of every merch sale is theirs until you \`/finish\`. If you leave the window open, it closes ${closes}; I warn you before that.`;
}

/** The answer to `/finish`. */
export function finishText(lobby: Lobby): string {
  return `🏆 The window of ${lobbyName(lobby)} is closed. The result is in <#${lobby.channelId}>, and \`/race report\` has it up to date.`;
}

/** The answer to `/race winner`. */
export function winnerText(lobby: Lobby): string {
  const standings =
    lobby.series === undefined ? "" : " `/race report series:` shows the standings.";
  return `🏆 <@${lobby.winnerId}> won ${lobbyName(lobby)}.${standings}`;
}

/** The answer to `/race cancel`. */
export function cancelText(lobby: Lobby): string {
  return `🚫 ${lobbyName(lobby)} is called off.`;
}

/** The answer to the button that keeps the window open for another hour. */
export function goOnText(lobby: Lobby, { isLongest }: { readonly isLongest: boolean }): string {
  if (isOver(lobby) || !lobby.closesAt) return wrongStateText(lobby);
  const longest = isLongest ? " It can't be open for longer than a day." : "";
  return `🏁 ${lobbyName(lobby)} continues. Its window closes ${relativeTime(lobby.closesAt)} unless you extend it again.${longest}`;
}

/** The answer to the same button when the window has already closed. */
export function goOnTooLateText(lobby: Lobby): string {
  return `The time of ${lobbyName(lobby)} is over, so its window can't be extended. \`/race lobby\` opens the next race.`;
}

/** The host's answer: the goal is not an amount. */
export function badGoalText(currency: string): string {
  return `I can't read that goal. Write an amount in ${currency.toUpperCase()}, such as \`500\` or \`1,250\`, and try again. \`0\` removes the goal.`;
}

/** The host's answer to `/race goal`. */
export function goalText(lobby: Lobby): string {
  const { goal } = lobby;
  if (!goal) return `${lobbyName(lobby)} has no goal any more.`;
  return `🎯 The goal of ${lobbyName(lobby)} is ${formatMoney(goal.amount, goal.currency)}. Its message, its page and the Live Pot show how far the pot has come, and celebrate when it gets there.`;
}

/** The host's answer to `/race goal` when the pot has already reached it. */
export function goalTooLowText(lobby: Lobby, { amount, reached, currency }: GoalProgress): string {
  return `The pot of ${lobbyName(lobby)} already holds ${formatMoney(reached, currency)}, so a goal of ${formatMoney(amount, currency)} would already be reached. Pick a higher one.`;
}

/** The host's answer to `/race goal` when a newer command came first. */
export function goalOutdatedText(lobby: Lobby): string {
  return `You have set another goal since then. ${goalText(lobby)}`;
}

/** The host's answer to `/race overlay`. */
export function overlayText(
  lobby: Lobby,
  siteUrl: string,
  { isNew }: { readonly isNew: boolean },
): string {
  const before = isNew ? "The previous link no longer works." : "`replace: True` makes a new link.";
  return `Your Live Pot, for a browser source in OBS. It shows ${lobbyName(lobby)} now, and each race that you open after it:\n${siteUrl}/overlay/pot/${lobby.potKey}\nEveryone who has the link sees the pot, so keep it to yourself. ${before}`;
}
