import { parseArgs } from "node:util";

const RENEWALS = ["stripe"] as const;
/** What is made anew though nothing is wrong with it: the webhooks of a service. */
export type Renewal = (typeof RENEWALS)[number];

/** How `./dev setup` is used. */
export const USAGE = `./dev setup [--renew stripe]

--renew stripe makes new webhook endpoints beside the old ones; a run without it, once the functions
know the new secrets, deletes the old ones.
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
