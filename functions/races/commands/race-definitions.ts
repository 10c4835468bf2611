import {
  type Audience,
  type ButtonDefinition,
  type Command,
  type CommandOption,
  OptionType,
} from "../../../shared/discord/define-command.ts";
import { MAX_SEATS, MIN_SEATS } from "../domain/race.ts";
import { MAX_SERIES_LENGTH } from "../domain/series.ts";

/** So long may a lobby's name be. */
export const MAX_NAME_LENGTH = 60;

/** An amount with its currency's sign and commas. */
const MAX_AMOUNT_LENGTH = 30;

const lobby: CommandOption = {
  name: "lobby",
  description: "Which lobby; yours, or the one of this channel, unless you say",
  type: OptionType.string,
  autocomplete: true,
  max_length: 100,
};

const series: CommandOption = {
  name: "series",
  description: "Standings over all your races of this series instead",
  type: OptionType.string,
  autocomplete: true,
  max_length: MAX_SERIES_LENGTH,
};

const control = <const Words extends string>(
  words: Words,
  who: Audience,
  description: string,
  options: readonly CommandOption[] = [lobby],
) => ({ words, description, options, who, answeredBy: "race-control" }) as const satisfies Command;

/** The commands of races. */
export const raceCommands = [
  {
    ...control("race lobby", "host", "Open a lobby in this channel, where racers join", [
      {
        name: "name",
        description: "What it is called",
        type: OptionType.string,
        max_length: MAX_NAME_LENGTH,
      },
      {
        name: "seats",
        description: "How many can race; 8 by default",
        type: OptionType.integer,
        min_value: MIN_SEATS,
        max_value: MAX_SEATS,
      },
      {
        name: "shop",
        description: "Where viewers buy: a Payment Link, a Shopify shop or a Ko-fi page",
        type: OptionType.string,
        max_length: 400,
      },
      {
        name: "goal",
        description: "What the pot is to reach, such as 500; /race goal changes it",
        type: OptionType.string,
        max_length: MAX_AMOUNT_LENGTH,
      },
      {
        ...series,
        description:
          "The series it belongs to; a new name begins one, and its standings count several races",
      },
    ]),
    postsHere: true,
    limit: "lobbies",
  },
  control("race kick", "owner", "Take a racer out of your lobby", [
    { name: "racer", description: "Who has to leave", type: OptionType.user, required: true },
    lobby,
  ]),
  control("race cancel", "owner", "Call off a race that has not started"),
  control("race goal", "owner", "Set what the pot is to reach; viewers see how far it has come", [
    {
      name: "amount",
      description: "Such as 500 or 1,250.00; 0 takes the goal away",
      type: OptionType.string,
      required: true,
      max_length: MAX_AMOUNT_LENGTH,
    },
    lobby,
  ]),
  control("race report", "owner", "What a race has sold, and each racer's share", [lobby, series]),
  control("race winner", "owner", "Name who won a race, for the standings of its series", [
    { name: "racer", description: "Who won", type: OptionType.user, required: true },
    lobby,
  ]),
  control("race overlay", "owner", "The link of the Live Pot for OBS", [
    {
      name: "replace",
      description: "Make a new link; the old one shows nothing any more",
      type: OptionType.boolean,
    },
    lobby,
  ]),
  {
    ...control(
      "race again",
      "owner",
      "Race again: the same racers, name and shop, in this channel",
    ),
    postsHere: true,
    limit: "lobbies",
  },
  control("start", "owner", "Start your race: the commission window opens"),
  control("finish", "owner", "Finish your race: the commission window closes"),
] as const satisfies readonly Command[];

/** Buttons of races. */
export const raceButtons = {
  join: { name: "race-join", handler: "race-control", who: "everyone", limit: "seats" },
  leave: { name: "race-leave", handler: "race-control", who: "everyone", limit: "seats" },
  start: { name: "race-start", handler: "race-control", who: "owner" },
  finish: { name: "race-finish", handler: "race-control", who: "owner" },
  /** Its target is the race that is over. */
  again: {
    name: "race-again",
    handler: "race-control",
    who: "owner",
    postsHere: true,
    limit: "lobbies",
  },
  /** Its target is the lobby, a hyphen, and when the window was to close, in milliseconds. */
  goOn: { name: "race-go-on", handler: "race-control", who: "owner" },
} as const satisfies Record<string, ButtonDefinition>;
