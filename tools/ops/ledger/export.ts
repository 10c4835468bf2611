import type { TransactionKind } from "../../../shared/money/ledger.ts";
import { type StoredPosting, toPosting } from "../../../shared/money/ledger-entries.ts";
import { EARNING_KINDS } from "../../../shared/money/ledger-store.ts";
import { decimalOf } from "../../../shared/money/money.ts";
import type { Firestore } from "../../../shared/ports/database.ts";

/** Documents read at a time. */
const PAGE = 5000;
const RACER = "racer:";
const COLUMNS = [
  "person",
  "currency",
  "line",
  "at",
  "kind",
  "amount",
  "transaction",
  "sale",
  "lobby",
];

/** Rows with a person's totals in one currency. */
const TOTALS: readonly { readonly name: string; readonly kinds: readonly TransactionKind[] }[] = [
  { name: "earned", kinds: EARNING_KINDS },
  { name: "paid out", kinds: ["payout", "payout-returned"] },
];

/**
 * A calendar year, in UTC, of everyone's wallet as CSV (RFC 4180): a row for each posting, and for each person
 * and currency what they earned, after refunds and corrections, and what was paid out to them, which is what tax
 * thresholds apply to. Yields line by line; reads page by page.
 */
export async function* exportLedger(year: number, firestore: Firestore): AsyncGenerator<string> {
  yield row(COLUMNS);
  const postings = await postingsOf(year, firestore);
  const people = Map.groupBy(postings, ({ account, currency }) => `${account} ${currency}`);
  for (const [, own] of [...people].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const [{ account, currency } = { account: "", currency: "" }] = own;
    const person = account.slice(RACER.length);
    for (const { at, kind, amount, transactionId, saleId, lobbyId } of own) {
      const money = decimalOf(amount, currency);
      const cause = [transactionId, saleId ?? "", lobbyId ?? ""];
      yield row([person, currency, "posting", at.toISOString(), kind, money, ...cause]);
    }
    for (const { name, kinds } of TOTALS) {
      const sum = own
        .filter(({ kind }) => kinds.includes(kind))
        .reduce((total, { amount }) => total + amount, 0);
      const money = decimalOf(name === "paid out" && sum !== 0 ? -sum : sum, currency);
      yield row([person, currency, "total", String(year), name, money, "", "", ""]);
    }
  }
}

/** The postings of people in a year, oldest first. */
async function postingsOf(year: number, firestore: Firestore): Promise<StoredPosting[]> {
  const ofYear = firestore
    .collectionGroup("postings")
    .where("at", ">=", new Date(Date.UTC(year, 0, 1)))
    .where("at", "<", new Date(Date.UTC(year + 1, 0, 1)))
    .orderBy("at")
    .limit(PAGE);
  const found: StoredPosting[] = [];
  let page = await ofYear.get();
  for (;;) {
    const read = page.docs.map(toPosting);
    found.push(...read.filter(({ account }) => account.startsWith(RACER)));
    const last = page.docs.at(-1);
    if (!last || page.docs.length < PAGE) return found;
    page = await ofYear.startAfter(last).get();
  }
}

function row(cells: readonly string[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

const NUMBER = /^-?\d+(\.\d+)?$/;
/** Spreadsheets treat a cell that begins like this as a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** Ids come from outside, so the cell is quoted, and no spreadsheet can run it as a formula. */
function cell(text: string): string {
  const harmless = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
