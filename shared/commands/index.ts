import { auctionButtons, auctionCommands, bidControls } from "./c500-auction.ts";
import { builderButtons, builderCommands, builderDecline } from "./c500-builders.ts";
import { hostButtons, hostCommands, hostDecline } from "./c500-hosts.ts";
import { c500Live } from "./c500-live.ts";
import { shopButtons, shopCommands } from "./c500-shop.ts";
import type { DeclineControl } from "./decline-form.ts";
import type { Access, ButtonDefinition, Command } from "./define-command.ts";
import { DROP_FORM_AGAIN, dropForm } from "./drop-form.ts";
import { raceButtons, raceCommands } from "./race.ts";
import { walletButtons, walletCommands } from "./wallet.ts";

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

/** Every control: commands by their words, buttons and forms by their names. */
export const allControls: readonly (Access & { readonly name: string })[] = [
  ...commands.map((command) => ({ ...command, name: command.words })),
  ...buttons,
  ...forms,
];

/**
 * What everyone who uses the command, button or form of this name must satisfy; undefined for an unknown
 * name.
 */
export function accessTo(name: string): Access | undefined {
  return allControls.find((control) => control.name === name);
}

/** Whether a name is that of a command people type, not of a button or form. */
export function isTyped(name: string): boolean {
  return commands.some(({ words }) => words === name);
}

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
