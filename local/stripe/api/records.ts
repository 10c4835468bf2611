import * as z from "zod/mini";
import { PLATFORM } from "../balances.ts";
import type { Calls } from "../requests/calls.ts";
import { created, isCreated, page, paging } from "../requests/lists.ts";
import { text } from "../requests/parameters.ts";
import { noSuch } from "../requests/stripe-error.ts";
import type { World } from "../world.ts";

/** https://docs.stripe.com/api/events/list */
const RETENTION_SECONDS = 30 * 24 * 60 * 60;
const MAX_TYPES = 20;

const nothing = z.strictObject({});

/** https://docs.stripe.com/api/balance: the platform's, or the named account's. */
export function serveBalance(calls: Calls, world: World): void {
  calls.get("/balance", {
    schema: nothing,
    forAccounts: true,
    handle: ({ account }) => world.balance(account ?? PLATFORM),
  });
  calls.get("/balance_settings", { schema: nothing, handle: () => balanceSettings(world) });
  calls.get("/balance_transactions/:id", {
    schema: nothing,
    handle: ({ id }) => {
      const found = world.balanceTransaction(id);
      if (!found) throw noSuch("balance transaction", id);
      return found;
    },
  });
}

/** https://docs.stripe.com/api/balance-settings: the platform's own. */
function balanceSettings({ payouts: { interval, minimum } }: World): object {
  const isRetained = Object.keys(minimum).length > 0;
  return {
    object: "balance_settings",
    payments: {
      debit_negative_balances: true,
      payouts: {
        automatic_transfer_rules_by_currency: null,
        minimum_balance_by_currency: isRetained ? minimum : null,
        schedule: {
          interval,
          ...(interval === "weekly" && { weekly_payout_days: ["friday"] }),
          ...(interval === "monthly" && { monthly_payout_days: [1] }),
        },
        statement_descriptor: null,
        status: "enabled",
      },
      settlement_timing: { delay_days: 2, start_of_day: null },
    },
  };
}

/** https://docs.stripe.com/api/events: those of the last thirty days. */
export function serveEvents(calls: Calls, world: World): void {
  const retained = (account: string | undefined) => {
    const oldestSeconds = world.nowSeconds() - RETENTION_SECONDS;
    return [...world.events.values()].filter(
      (event) => event.account === account && event.created >= oldestSeconds,
    );
  };
  calls.get("/events/:id", {
    schema: nothing,
    forAccounts: true,
    handle: (call) => {
      const event = retained(call.account).find((candidate) => candidate.id === call.id);
      if (!event) throw noSuch("event", call.id);
      return event;
    },
  });
  calls.get("/events", {
    schema: z.strictObject({
      ...paging,
      created,
      type: z.optional(text()),
      types: z.optional(z.array(z.string()).check(z.maxLength(MAX_TYPES))),
    }),
    forAccounts: true,
    handle: ({ account, path, parameters }) => {
      const { type, types, created: when } = parameters;
      const found = retained(account).filter(
        (event) =>
          isCreated(event.created, when) &&
          (type === undefined || matches(event.type, type)) &&
          (types === undefined || types.includes(event.type)),
      );
      return page(found, parameters, path);
    },
  });
}

/** "charge.*" matches all types with this prefix. */
function matches(type: string, wanted: string): boolean {
  return wanted.endsWith(".*") ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}
