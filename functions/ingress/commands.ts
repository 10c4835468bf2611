import {
  type ButtonDefinition,
  type Command,
  type Control,
  controlsOf,
} from "../../shared/discord/define-command.ts";
import { auctionButtons, auctionCommands, bidControls } from "../auctions/commands/definitions.ts";
import { c500Live } from "../going-live/commands/definitions.ts";
import type { DeclineControl } from "../members/commands/decline-form.ts";
import {
  builderButtons,
  builderCommands,
  builderDecline,
} from "../members/commands/definitions.ts";
import {
  hostButtons,
  hostCommands,
  hostDecline,
} from "../races/commands/c500-hosts-definitions.ts";
import { raceButtons, raceCommands } from "../races/commands/race-definitions.ts";
import { walletButtons, walletCommands } from "../races/commands/wallet-definitions.ts";
import { shopButtons, shopCommands } from "../shop/commands/definitions.ts";
import { DROP_FORM_AGAIN, dropForm } from "../shop/commands/drop-form.ts";

/** Every command there is. */
export const commands: readonly Command[] = [
  c500Live,
  ...shopCommands,
  ...builderCommands,
  ...auctionCommands,
  ...hostCommands,
  ...raceCommands,
  ...walletCommands,
];

/** Every button that is answered later. */
export const buttons: readonly ButtonDefinition[] = [
  ...Object.values(shopButtons),
  ...Object.values(builderButtons),
  ...Object.values(auctionButtons),
  ...Object.values(hostButtons),
  ...Object.values(raceButtons),
  ...Object.values(walletButtons),
];

/** Every button for declining someone, with its form. */
export const declineControls: readonly DeclineControl[] = [builderDecline, hostDecline];

/** Every form whose answer is deferred. */
const forms: readonly ButtonDefinition[] = [dropForm, ...declineControls.map(({ form }) => form)];

/** Every control that is answered later. */
export const allControls: readonly Control[] = controlsOf([...commands, ...buttons, ...forms]);

/**
 * Buttons and forms that are answered in the response to the press itself: bids, and buttons that show a
 * form. Approvals are not read there, so none of them is for builders or hosts only.
 */
export const immediateControls: readonly {
  readonly name: string;
  readonly who: "everyone" | "owner" | "staff";
}[] = [
  ...Object.values(bidControls).map((name) => ({ name, who: "everyone" as const })),
  { name: DROP_FORM_AGAIN, who: "owner" },
  ...declineControls.map(({ button }) => ({ name: button, who: "staff" as const })),
];
