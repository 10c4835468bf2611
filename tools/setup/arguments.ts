import { parseArgs } from "node:util";

const RENEWALS = ["redis", "stripe"] as const;
/** What is made or read anew though nothing is wrong with it: Stripe's webhooks, Redis's token. */
export type Renewal = (typeof RENEWALS)[number];

/** How `./dev setup` is used. */
export const USAGE = `./dev setup [--renew stripe|redis]

--renew stripe makes new webhook endpoints beside the old ones; a run without it, once the functions
know the new secrets, deletes the old ones.
--renew redis asks Upstash for the database's address and token again, and makes a database where there
is none.
`;

/** Reads what was typed after `./dev setup`; undefined where it means nothing. */
export function readArguments(
  args: readonly string[],
): { readonly renew: Renewal | undefined } | undefined {
  try {
    const { values } = parseArgs({ args: [...args], options: { renew: { type: "string" } } });
    const renew = RENEWALS.find((each) => each === values.renew);
    return renew === undefined && values.renew !== undefined ? undefined : { renew };
  } catch {
    return undefined;
  }
}
