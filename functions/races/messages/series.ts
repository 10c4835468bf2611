import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { colours, plain } from "../../../shared/discord/theme.ts";
import { MAX_SERIES_LENGTH, type Standing } from "../domain/series.ts";
import { fittingLines } from "./fitting-lines.ts";
import { moneyText } from "./races.ts";

/** The most lines of the standings. */
const MAX_LINES = 40;

/** The answer to `/race report series:`: the standings. */
export function seriesReport(
  name: string,
  standings: readonly Standing[],
  races: number,
): OutgoingMessage {
  const lines = fittingLines(standings.map(lineOf), MAX_LINES);
  const nobody = "No race of it has begun yet.";
  return {
    embeds: [
      {
        title: `🏆 ${plain(name, MAX_SERIES_LENGTH)}: standings after ${countOf(races, "race")}`,
        color: colours.gold,
        description: (lines.length > 0 ? lines : [nobody]).join("\n"),
        footer: {
          text: "Ranked by races won, then by shares earned, less what was refunded. /race winner records who won a race.",
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

/** The answer to a host who has no race of this series. */
export function noSeriesText(name: string): string {
  return `You have no series called "${plain(name, MAX_SERIES_LENGTH)}". Pick one from the list that appears while you type, or start a new one with \`/race lobby series:\`.`;
}
