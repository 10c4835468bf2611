import type {
  ButtonDefinition,
  CommandDefinition,
  Definition,
  FormDefinition,
  SelectDefinition,
} from "../../shared/discord/definitions/define-command.ts";
import type { GroupDescriptions } from "../../shared/discord/definitions/registration.ts";
import { auctionDefinitions } from "../auctions/commands/index.ts";
import { fulfilmentDefinitions } from "../fulfilment/commands/index.ts";
import { goingLiveDefinitions } from "../going-live/commands/index.ts";
import { operationsDefinitions } from "../operations/commands/index.ts";
import { privacyDefinitions } from "../privacy/commands/index.ts";
import { hostDefinitions, raceDefinitions, walletDefinitions } from "../races/commands/index.ts";
import { shippingDefinitions } from "../shipping/commands/index.ts";
import { shopDefinitions } from "../shop/commands/index.ts";
import { helpCommand } from "./commands/help.ts";

/** The features' commands, buttons and forms, in the order of the help. */
export const features = [
  { title: "Selling", definitions: shopDefinitions },
  { title: "Shipping", definitions: [...shippingDefinitions, ...fulfilmentDefinitions] },
  { title: "Live on stream", definitions: goingLiveDefinitions },
  { title: "Auctions", definitions: auctionDefinitions },
  { title: "Races", definitions: raceDefinitions },
  { title: "What racers earn", definitions: walletDefinitions },
  { title: "You and your data", definitions: [...privacyDefinitions, helpCommand] },
  { title: "Builders, for the team", definitions: operationsDefinitions },
  { title: "Race hosts, for the team", definitions: hostDefinitions },
] as const;

/** The definition of one of them. */
export type AnyDefinition = (typeof features)[number]["definitions"][number];

const definitions: readonly Definition[] = features.flatMap((feature) => [...feature.definitions]);

/** All commands. */
export const commands: readonly CommandDefinition[] = definitions.filter(
  (definition) => definition.kind === "command",
);

/** All buttons. */
export const buttons: readonly ButtonDefinition[] = definitions.filter(
  (definition) => definition.kind === "button",
);

/** All selects. */
export const selects: readonly SelectDefinition[] = definitions.filter(
  (definition) => definition.kind === "select",
);

/** All forms. */
export const forms: readonly FormDefinition[] = definitions.filter(
  (definition) => definition.kind === "form",
);

/** The words that several commands begin with: "c500" and "c500 auction" of "c500 auction start". */
type GroupOf<Words> = Words extends `${infer First} ${infer Second} ${string}`
  ? First | `${First} ${Second}`
  : Words extends `${infer First} ${string}`
    ? First
    : never;

/** Their descriptions in Discord. */
export const groups = {
  c500: "C500: builders, drops, auctions and orders",
  "c500 auction": "Auctions: start one, look after yours",
  "c500 builders": "Builders: approve, suspend and remove them",
  "c500 forget": "What I know about you",
  "c500 hosts": "Race hosts: approve, suspend and remove them",
  payouts: "What you have earned in races, and paying it out",
  race: "Races: open a lobby, look after it",
} as const satisfies GroupDescriptions &
  Record<GroupOf<Extract<AnyDefinition, { readonly kind: "command" }>["words"]>, string>;
