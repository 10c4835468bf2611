import { manifest } from "../../../../functions/manifest.ts";
import type { Deps } from "../../../../functions/operations/deps.ts";
import {
  type BookedSale,
  type Sale,
  saleTransaction,
} from "../../../../functions/races/domain/sale.ts";
import { providers } from "../../../../functions/races/providers/index.ts";
import { scheduleReleaseNotice } from "../../../../functions/races/service/race-notices.ts";
import { scheduleRaceBoard } from "../../../../functions/races/service/schedule-race-board.ts";
import { readId } from "../../../../shared/documents/outside-id.ts";
import type { Provider } from "../../../../shared/money/ledger.ts";
import { formatMoney } from "../../../../shared/money/money.ts";
import { readSaleTime, saleTitle } from "../../../../shared/money/sale-reading.ts";
import { UsageError } from "../../../cli/command-line.ts";
import { defineCommand, exitCodes, isConfirmed, NeedsYouError } from "../../command.ts";
import { moneyOf, noteOf, noteOptions, postingLines } from "./arguments.ts";

/** Books a sale that no webhook reported, and shares it as if it had been reported in time. */
export const ledgerSale = defineCommand({
  name: "ledger sale",
  usage:
    "SALE AMOUNT CURRENCY --at TIME --reason TEXT [--lobby ID] [--title TEXT] [--by NAME] [--yes]",
  does: `books a sale that no webhook reported: AMOUNT was paid for its items, without shipping and tax. It is
         shared among those who raced at its TIME, such as 2026-11-21T18:00:00-05:00. SALE is the shop and its
         number there, such as kofi:1234: if its webhook arrives after all, it counts as the same sale`,
  options: {
    ...noteOptions,
    at: { type: "string" },
    lobby: { type: "string" },
    title: { type: "string" },
    yes: { type: "boolean" },
  },

  async run({ values, positionals }, context, say) {
    const [id = "", typed, code, ...more] = positionals;
    if (more.length > 0) throw new UsageError("Give a sale, an amount and its currency.");
    const provider = providerOf(id);
    const { amount: base, currency } = moneyOf(typed, code);
    const note = noteOf(values);
    const lobbyId = readId(values.lobby);
    if (values.lobby && !lobbyId) throw new UsageError("--lobby takes a lobby's id.");
    const { name, deps } = await context.open(manifest.commission.settings);
    const now = deps.clock.now();
    const time = readSaleTime(values.at?.trim() ?? "", now);
    if (!time) {
      throw new UsageError(
        "--at takes the time of the payment with its zone: 2026-11-21T18:00:00-05:00.",
      );
    }
    const title = saleTitle(values.title ?? "") || "A sale booked by hand";
    const soldAt = new Date(time.soldAtMs);
    const sale: Sale = { id, provider, base, currency, soldAt, lobbyId, title };
    const known = await deps.sales.get(id);
    if (known) {
      await showEverywhere(known, deps);
      return knownBefore(known, sale, say);
    }
    const terms = { holdDays: deps.config.SHARE_HOLD_DAYS, now, note };
    const preview = await deps.sales.preview(sale, terms);
    for (const line of previewOf(preview, now)) say(line);
    say(`Reason: ${note.reason} (${note.author})`);
    if (!(await isConfirmed(`Book ${id} in ${name}?`, values.yes, context))) {
      say("Nothing was changed.");
      return exitCodes.needsYou;
    }
    await showEverywhere(await deps.sales.book(sale, terms), deps);
    say(`Booked. ./dev ops ledger reverse sale.${id} reverses it.`);
    return exitCodes.fine;
  },
});

const anyForm = new Intl.ListFormat("en-US", { type: "disjunction" });

function providerOf(saleId: string): Provider {
  const [, named] = /^([a-z]+):[A-Za-z0-9][\w-]{0,199}$/.exec(saleId) ?? [];
  const known = [...providers.map(({ name }) => name), "stripe"];
  const provider = known.find((each) => each === named);
  if (provider) return provider;
  const forms = anyForm.format([...providers.map(({ name }) => `${name}:…`), "stripe:pi_…"]);
  throw new UsageError(`SALE is the shop and the sale's number there: ${forms}.`);
}

function previewOf(sale: BookedSale, now: Date): string[] {
  const { windows, lobbyId, currency, availableAt } = sale;
  const names = windows.map((window) => window.lobbyId).join(", ");
  const isElsewhere = lobbyId !== undefined && names !== lobbyId;
  return [
    ...(isElsewhere
      ? [`The lobby ${lobbyId} was not open then, so the sale is booked as if it named none.`]
      : []),
    windows.length > 0
      ? `Shared by ${names}:`
      : "No race has a share in it: the platform keeps all of it.",
    ...postingLines(saleTransaction(sale, now).postings, currency),
    `Shares may be paid out from ${availableAt.toISOString()} on.`,
  ];
}

/** Reports a sale that is already booked; throws NeedsYouError if it is a different one. */
function knownBefore(known: BookedSale, sale: Sale, say: (line: string) => void) {
  const money = formatMoney(known.base, known.currency);
  if (known.base !== sale.base || known.currency !== sale.currency) {
    throw new NeedsYouError(`${sale.id} is already booked, as ${money}. Nothing was changed.`);
  }
  say(`${sale.id} was already booked, as ${money}. Nothing was changed.`);
  return exitCodes.fine;
}

/** Updates the boards of the lobbies that have a share in the sale, and schedules the notices of its release. */
async function showEverywhere({ windows, availableAt }: BookedSale, deps: Deps): Promise<void> {
  for (const { lobbyId } of windows) {
    await scheduleRaceBoard(lobbyId, deps);
    await scheduleReleaseNotice(lobbyId, availableAt, deps);
  }
}
