import type { APIEmbed } from "discord-api-types/v10";
import type { Button, OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { colours, plain, relativeTime } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import {
  againButton,
  finishButton,
  joinButton,
  leaveButton,
  startButton,
} from "../commands/buttons.ts";
import { MIN_RACERS_OF_UNNAMED_SALES } from "../domain/commission.ts";
import { isOver, type Lobby, racersOf } from "../domain/race.ts";
import { progressOf } from "../domain/race-goal.ts";
import { shortShopAddress } from "../domain/shop-link.ts";
import { fittingLines } from "./fitting-lines.ts";

/** What was sold in a race. Amounts are minor units. */
export interface RaceTotals {
  readonly pot: readonly Money[];
  readonly sales: number;
  /** How many of the sales were fully or partly refunded; undefined where that is not shown. */
  readonly refunded?: number;
}

/** Each racer's share of a pot, in the order in which they joined. */
export type RaceShares = readonly { readonly racerId: string; readonly shares: readonly Money[] }[];

interface Money {
  readonly currency: string;
  readonly amount: number;
}

const MAX_NAME = 100;
/** The length of a goal's bar: it fits one line on a phone. */
const GOAL_BLOCKS = 12;
/** A field has room for 1,024 characters, and a mention takes 22. */
const MAX_MENTIONED = 30;
/** The most lines of racers. */
const MAX_SHARES = 50;

/** A lobby's name in a sentence. */
export const lobbyName = ({ name }: Pick<Lobby, "name">) => `**${plain(name, MAX_NAME)}**`;

/** The address of a race's page. */
export const pageOf = ({ id }: Pick<Lobby, "id">, siteUrl: string) => `${siteUrl}/race/${id}`;

/** A rate for people: 2000 basis points are 20%. */
export const percent = (rateBps: number) => `${rateBps / 100}%`;

/** A pot, or a share, in each of its currencies. */
export function moneyText(amounts: readonly Money[], none = "nothing yet"): string {
  const shown = amounts.map(({ amount, currency }) => formatMoney(amount, currency));
  return shown.length > 0 ? shown.join(" · ") : none;
}

/** The lobby's message in its channel: the racers and the pot. Pings nobody. */
export function raceBoard(
  lobby: Lobby,
  { pot, sales }: RaceTotals,
  siteUrl: string,
): OutgoingMessage {
  const racerIds = racersOf(lobby);
  const isStarted = lobby.openedAt !== undefined;
  const embed: APIEmbed = {
    title: plain(lobby.name, MAX_NAME),
    url: pageOf(lobby, siteUrl),
    description: stateText(lobby),
    color: colours.gold,
    fields: [
      { name: "Host", value: `<@${lobby.hostId}>`, inline: true },
      ...seriesFields(lobby),
      ...(isStarted
        ? [
            { name: "Pot", value: `**${moneyText(pot)}**`, inline: true },
            { name: "Sales", value: String(sales), inline: true },
          ]
        : [
            { name: "Racers' part", value: `${percent(lobby.rateBps)} of each sale`, inline: true },
          ]),
      ...goalField(lobby, pot),
      { name: `Racers: ${racerIds.length} of ${lobby.seats}`, value: mentions(racerIds) },
      ...(lobby.waitingIds.length > 0 && !isOver(lobby)
        ? [{ name: `Waiting: ${lobby.waitingIds.length}`, value: mentions(lobby.waitingIds) }]
        : []),
    ],
  };
  return { embeds: [embed], buttons: boardButtons(lobby, siteUrl) };
}

/** How far the pot has come, as a bar. */
function goalField(lobby: Lobby, pot: readonly Money[]): { name: string; value: string }[] {
  const progress = lobby.state === "cancelled" ? undefined : progressOf(lobby, pot);
  if (!progress) return [];
  const { amount, reached, currency, percent: share, isReached } = progress;
  const filled = Math.min(GOAL_BLOCKS, Math.floor((share * GOAL_BLOCKS) / 100));
  const bar = "▰".repeat(filled) + "▱".repeat(GOAL_BLOCKS - filled);
  const value = `${bar} **${share}%**: ${formatMoney(reached, currency)} of ${formatMoney(amount, currency)}`;
  return [{ name: isReached ? "🎉 Goal reached" : "🎯 Goal", value }];
}

function stateText(lobby: Lobby): string {
  switch (lobby.state) {
    case "open":
      return "🟢 Open. Press Join to race; the host starts it.";
    case "racing": {
      const closes = lobby.closesAt ? ` The window closes ${relativeTime(lobby.closesAt)}.` : "";
      const isAlone = racersOf(lobby).length < MIN_RACERS_OF_UNNAMED_SALES;
      const alone = isAlone
        ? " A race shares in sales that name no race once it has a second racer."
        : "";
      return `🏁 Racing! ${percent(lobby.rateBps)} of every merch sale goes into the pot.${alone}${closes}`;
    }
    case "finished":
      return lobby.closedAt
        ? `🏆 Finished ${relativeTime(lobby.closedAt)}. The window is closed.`
        : "🏆 Finished. The window is closed.";
    case "cancelled":
      return lobby.isLapsed
        ? `🚫 Called off: not started within a day. <@${lobby.hostId}>, \`/race lobby\` opens another.`
        : "🚫 Called off.";
  }
}

function mentions(ids: readonly string[]): string {
  if (ids.length === 0) return "nobody yet";
  const shown = ids.slice(0, MAX_MENTIONED).map((id) => `<@${id}>`);
  const more = ids.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(" ");
}

function boardButtons(lobby: Lobby, siteUrl: string): readonly Button[] {
  if (lobby.state === "finished") return [againButtonFor(lobby)];
  if (isOver(lobby)) return [];
  const about = { lobbyId: lobby.id };
  const control: Button =
    lobby.state === "open"
      ? { label: "Start", id: startButton.id(about), style: "primary" }
      : { label: "Finish", id: finishButton.id(about), style: "danger" };
  return [
    { label: "Join", id: joinButton.id(about), style: "success" },
    { label: "Leave", id: leaveButton.id(about), style: "secondary" },
    control,
    { label: "Watch", url: pageOf(lobby, siteUrl) },
    ...shopButton(lobby, siteUrl),
  ];
}

/** The host's button once a race is over. */
const againButtonFor = ({ id }: Pick<Lobby, "id">): Button => ({
  label: "Race again",
  id: againButton.id({ lobbyId: id }),
  style: "primary",
});

/** The button that opens a race's shop, if it has one. */
export function shopButton(lobby: Lobby, siteUrl: string): Button[] {
  const url = shortShopAddress(lobby, siteUrl);
  return url === undefined ? [] : [{ label: "Buy merch", url }];
}

/** The post in the channel when the window is closed. Pings everyone who raced to the end. */
export function finishedPost(
  lobby: Lobby,
  totals: RaceTotals,
  shares: RaceShares,
  siteUrl: string,
): OutgoingMessage {
  const racerIds = racersOf(lobby);
  const who =
    racerIds.length > 0 ? ` Thank you ${racerIds.map((id) => `<@${id}>`).join(" ")}!` : "";
  return {
    content: `🏆 ${lobbyName(lobby)} is over, and its commission window is closed.${who} Sales made before the end still count when they are reported later; \`/wallet\` shows what is yours.`,
    embeds: [sharesEmbed(lobby, totals, shares)],
    buttons: [{ label: "Results", url: pageOf(lobby, siteUrl) }, againButtonFor(lobby)],
    pings: { users: racerIds },
  };
}

/** The answer to `/race report`: sales, pot and each racer's share, with a button for the host to race again. */
export function raceReport(
  lobby: Lobby,
  totals: RaceTotals,
  shares: RaceShares,
  { isHost }: { readonly isHost: boolean },
): OutgoingMessage {
  const buttons = isHost && lobby.state === "finished" ? [againButtonFor(lobby)] : [];
  return { embeds: [sharesEmbed(lobby, totals, shares)], buttons };
}

/** The series that a race belongs to, and who won it. */
function seriesFields({ series, winnerId }: Lobby) {
  return [
    ...(series === undefined
      ? []
      : [{ name: "Series", value: plain(series, MAX_NAME), inline: true }]),
    ...(winnerId === undefined ? [] : [{ name: "Winner", value: `<@${winnerId}>`, inline: true }]),
  ];
}

function sharesEmbed(
  lobby: Lobby,
  { pot, sales, refunded = 0 }: RaceTotals,
  shares: RaceShares,
): APIEmbed {
  const lines = fittingLines(
    shares.map(({ racerId, shares: own }) => `<@${racerId}>: ${moneyText(own, "nothing")}`),
    MAX_SHARES,
  );
  return {
    title: plain(lobby.name, MAX_NAME),
    color: colours.gold,
    description: [stateText(lobby), "", ...lines].join("\n"),
    fields: [
      ...goalField(lobby, pot),
      { name: "Pot", value: `**${moneyText(pot, "nothing")}**`, inline: true },
      { name: "Sales", value: salesText(sales, refunded), inline: true },
      { name: "Racers' part", value: `${percent(lobby.rateBps)} of each sale`, inline: true },
      ...seriesFields(lobby),
    ],
  };
}

function salesText(sales: number, refunded: number): string {
  return refunded > 0
    ? `${sales}, ${refunded} of them refunded in whole or in part`
    : String(sales);
}
