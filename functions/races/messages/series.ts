import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { colours, plain } from "../../../shared/discord/theme.ts";
import { MAX_SERIES_LENGTH, type Standing } from "../domain/series.ts";
import { moneyText } from "./races.ts";

/** An embed has room for so many lines. */
const MAX_LINES = 40;

/** `/race report series:`: who stands where. */
export function seriesReport(
  name: string,
  standings: readonly Standing[],
  races: number,
): OutgoingMessage {
  const lines = standings.slice(0, MAX_LINES).map(lineOf);
  const more = standings.length - lines.length;
  const nobody = "No race of it has begun yet.";
  return {
    embeds: [
      {
        title: `🏆 ${plain(name, MAX_SERIES_LENGTH)}: standings after ${countOf(races, "race")}`,
        color: colours.gold,
        description: [
          ...(lines.length > 0 ? lines : [nobody]),
          ...(more > 0 ? [`and ${more} more`] : []),
        ].join("\n"),
        footer: {
          text: "Races won come first, then shares earned, less what was refunded. /race winner names who won a race.",
        },
      },
    ],
  };
}

function lineOf({ racerId, races, wins, shares }: Standing, index: number): string {
  const won = `${wins} won of ${countOf(races, "race")}`;
  const earned = moneyText(
    shares.filter(({ amount }) => amount !== 0),
    "nothing earned",
  );
  return `**${index + 1}.** <@${racerId}> · ${won} · ${earned}`;
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** The host has no race of this series. */
export function noSeriesText(name: string): string {
  return `You have no series called "${plain(name, MAX_SERIES_LENGTH)}". Pick one from the list that appears while you type; \`/race lobby series:\` begins a new one.`;
}
