import {
  actingUserId,
  type CommandInteraction,
  managesServer,
  ResponseType,
  unfold,
} from "../../../shared/discord/interaction.ts";
import type { Deps } from "../deps.ts";
import {
  auctionChoices,
  type Choice,
  type ChoiceDeps,
  countryChoices,
  dropChoices,
  lobbyChoices,
  openOrderChoices,
  seriesChoices,
  soldOrderChoices,
} from "./choices.ts";

/** https://discord.com/developers/docs/interactions/application-commands#autocomplete */
const MAX_CHOICES = 25;
const MAX_CHOICE_LENGTH = 100;
/** Discord waits three seconds. */
const DEADLINE_MS = 2000;

type Source = (
  userId: string,
  deps: ChoiceDeps,
  asked: { readonly isStaff: boolean; readonly sought: string },
) => Promise<readonly Choice[]>;

/** Where the choices of an option come from, by the command's words and the option. */
const SOURCES: Readonly<Record<string, Source>> = {
  "c500 live orders": openOrderChoices,
  "c500 payouts country": countryChoices,
  "payouts connect country": countryChoices,
  "c500 drops drop": dropChoices,
  "c500 refund order": soldOrderChoices,
  "c500 auction show auction": auctionChoices,
  "c500 auction cancel auction": auctionChoices,
  "c500 auction close auction": auctionChoices,
  "c500 auction sell auction": auctionChoices,
  "c500 auction extend auction": auctionChoices,
  "c500 auction remove-bids auction": auctionChoices,
  "c500 auction void auction": auctionChoices,
  "c500 auction rerun auction": auctionChoices,
  "c500 auction history auction": auctionChoices,
  "race lobby series": seriesChoices,
  "race report series": seriesChoices,
  "race winner lobby": lobbyChoices,
  "race kick lobby": lobbyChoices,
  "race cancel lobby": lobbyChoices,
  "race goal lobby": lobbyChoices,
  "race report lobby": lobbyChoices,
  "race again lobby": lobbyChoices,
  "race overlay lobby": lobbyChoices,
  "start lobby": lobbyChoices,
  "finish lobby": lobbyChoices,
};

/** Offers what the asker may choose from. In a list, after what was typed already. Never fails. */
export async function answerAutocomplete(
  interaction: CommandInteraction,
  deps: ChoiceDeps & Pick<Deps, "clock" | "config">,
): Promise<object> {
  const isStaff = managesServer(interaction, deps.config.DISCORD_GUILD_ID);
  const userId = actingUserId(interaction);
  const { words, options } = unfold(interaction);
  const focused = options.find((option) => option.focused);
  const source = SOURCES[`${words} ${focused?.name}`];
  const typed = String(focused?.value ?? "");
  const asked = { isStaff, sought: soughtIn(typed) };
  const choices =
    source && userId ? choicesFor(typed, await inTime(source(userId, deps, asked), deps)) : [];
  return { type: ResponseType.choices, data: { choices } };
}

/** What there is by then; nothing, rather than an answer that Discord no longer takes. */
function inTime(
  choices: Promise<readonly Choice[]>,
  { clock }: Pick<Deps, "clock">,
): Promise<readonly Choice[]> {
  return Promise.race([choices, clock.sleep(DEADLINE_MS).then(() => [])]);
}

/** What is typed behind the last comma. */
function soughtIn(typed: string): string {
  return typed.slice(typed.lastIndexOf(",") + 1).trim();
}

function choicesFor(typed: string, choices: readonly Choice[]) {
  const ids = typed.split(",").map((id) => id.trim());
  const sought = soughtIn(typed).toLowerCase();
  ids.pop();
  const before = [...new Set(ids.filter((id) => id !== ""))];
  return choices
    .filter(({ id }) => !before.includes(id))
    .filter(({ label }) => label.toLowerCase().includes(sought))
    .map(({ id, label }) => ({
      name: [...before.map(() => "…"), label].join(", ").slice(0, MAX_CHOICE_LENGTH),
      value: [...before, id].join(","),
    }))
    .filter(({ value }) => value.length <= MAX_CHOICE_LENGTH)
    .slice(0, MAX_CHOICES);
}
