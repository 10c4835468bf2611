import type { Choice, Suggest } from "../../../shared/autocomplete/suggestions.ts";
import {
  actingUserId,
  type CommandInteraction,
  managesServer,
  ResponseType,
  unfold,
} from "../../../shared/discord/interaction.ts";
import { auctionSuggestions } from "../../auctions/commands/suggestions.ts";
import { fulfilmentSuggestions } from "../../fulfilment/commands/suggestions.ts";
import { memberSuggestions } from "../../members/commands/suggestions.ts";
import { raceSuggestions } from "../../races/commands/suggestions.ts";
import { shippingSuggestions } from "../../shipping/commands/suggestions.ts";
import { shopSuggestions } from "../../shop/commands/suggestions.ts";
import { type AnyDefinition, commands } from "../commands.ts";
import type { Deps } from "../deps.ts";

/** https://discord.com/developers/docs/interactions/application-commands#autocomplete */
const MAX_CHOICES = 25;
const MAX_CHOICE_LENGTH = 100;
/** Discord waits three seconds. */
const DEADLINE_MS = 2000;

/** Dependencies of reading choices. */
type ChoiceDeps = Pick<
  Deps,
  "orders" | "parcels" | "drops" | "auctions" | "lobbies" | "redis" | "log"
>;

/** The sources that options name in `suggest`. */
type Suggested<Defined> = Defined extends { readonly options: infer Options }
  ? {
      [Name in keyof Options]: Options[Name] extends {
        readonly suggest: infer Source extends string;
      }
        ? Source
        : never;
    }[keyof Options]
  : never;

const sources = {
  ...auctionSuggestions,
  ...fulfilmentSuggestions,
  ...memberSuggestions,
  ...raceSuggestions,
  ...shippingSuggestions,
  ...shopSuggestions,
} as const satisfies Record<Suggested<AnyDefinition>, Suggest<ChoiceDeps>>;

/** Suggests choices; for a list of values, for the last one. Never fails. */
export async function answerAutocomplete(
  interaction: CommandInteraction,
  deps: ChoiceDeps & Pick<Deps, "clock" | "config">,
): Promise<object> {
  const isStaff = managesServer(interaction, deps.config.DISCORD_GUILD_ID);
  const userId = actingUserId(interaction);
  const { words, options } = unfold(interaction);
  const focused = options.find((option) => option.focused);
  const suggest = sourceOf(words, focused?.name);
  const typed = String(focused?.value ?? "");
  const choices =
    suggest && userId
      ? choicesFor(
          typed,
          await inTime(suggest({ userId, isStaff, sought: soughtIn(typed) }, deps), deps),
        )
      : [];
  return { type: ResponseType.choices, data: { choices } };
}

function sourceOf(words: string, option: string | undefined): Suggest<ChoiceDeps> | undefined {
  const command = commands.find((candidate) => candidate.words === words);
  const suggest = command?.options[option ?? ""]?.suggest;
  const known: Readonly<Record<string, Suggest<ChoiceDeps>>> = sources;
  return suggest === undefined ? undefined : known[suggest];
}

/** The choices found before the deadline, or none: Discord no longer accepts a later answer. */
function inTime(
  choices: Promise<readonly Choice[]>,
  { clock }: Pick<Deps, "clock">,
): Promise<readonly Choice[]> {
  return Promise.race([choices, clock.sleep(DEADLINE_MS).then(() => [])]);
}

/** The text after the last comma. */
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
