import { readTyped, UsageError } from "../cli/command-line.ts";
import { devCommand } from "../cli/commands.ts";

const RENEWALS = ["stripe", "redis"] as const;
/**
 * What to create or read again even if nothing is wrong with it: Stripe's webhook endpoints, Redis's token.
 */
export type Renewal = (typeof RENEWALS)[number];

/** Parses the arguments of `./dev setup`. Throws UsageError naming the valid ones. */
export function readArguments(args: readonly string[]): { readonly renew: Renewal | undefined } {
  const typed = readTyped(devCommand("setup"), args).texts["renew"];
  const renew = RENEWALS.find((each) => each === typed);
  if (typed !== undefined && renew === undefined) {
    throw new UsageError(`"${typed}" can't be renewed: --renew is ${RENEWALS.join(" or ")}.`);
  }
  return { renew };
}
