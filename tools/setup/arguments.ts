import { readTyped, UsageError } from "../cli/command-line.ts";
import { devCommand } from "../cli/commands.ts";

const RENEWALS = ["stripe", "redis"] as const;
/**
 * What is created or read again although nothing is wrong with it: Stripe's webhooks, Redis's token.
 */
export type Renewal = (typeof RENEWALS)[number];

/** Reads what was typed after `./dev setup`. Throws UsageError saying what can be typed. */
export function readArguments(args: readonly string[]): { readonly renew: Renewal | undefined } {
  const typed = readTyped(devCommand("setup"), args).texts["renew"];
  const renew = RENEWALS.find((each) => each === typed);
  if (typed !== undefined && renew === undefined) {
    throw new UsageError(`"${typed}" can't be renewed: --renew is ${RENEWALS.join(" or ")}.`);
  }
  return { renew };
}
