import { decimalOf } from "../../../shared/money/money.ts";

/** What replaces the person's own id. */
const SELF = "you";
/** Discord's ids of people look like those of channels and messages: only the field says which it is. */
const SNOWFLAKE = /^\d{17,20}$/;
/** Fields whose ids are those of things. Anyone else's id is hidden, whatever a new field is called. */
const OF_A_THING =
  /^id$|(?:^|_)(?:order|drop|auction|lobby|sale|payout|channel|message|interaction|go_live|stream|twitch_user|bid|refund)s?_ids?$/;
/** Ours alone, or a key that opens something. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...[
    "schema_version",
    "interaction_token",
    "pot_key",
    "code",
    "nonce",
    "code_hash",
    "is_settling",
    "is_board_due",
  ],
  ...["revision", "applied_ids", "expires_at"],
]);
/** Fields that are minor units of the currency of their document. */
const AMOUNTS: ReadonlySet<string> = new Set([
  ...["amount", "price", "max", "start_price", "reserve", "increment", "fee", "refunded"],
  ...["refund_requested", "settled", "gross", "netted", "part", "taken_back", "fee_returned"],
]);

/** Names for other people, each the same wherever they occur in one file, and of no use elsewhere. */
export function otherPeople(): (id: string) => string {
  const names = new Map<string, string>();
  return (id) => {
    const known = names.get(id) ?? `person ${names.size + 1}`;
    names.set(id, known);
    return known;
  };
}

/**
 * Stored fields as their owner may read them: times as ISO 8601, amounts as decimals with their currency,
 * their own id as "you", anyone else's hidden; what is empty or only of use to us is left out.
 */
export function readable(
  fields: Readonly<Record<string, unknown>>,
  userId: string,
  nameOf: (id: string) => string,
): Record<string, unknown> {
  const currency = typeof fields["currency"] === "string" ? fields["currency"] : undefined;
  const read = (value: unknown, field: string): unknown => {
    if (value === null || value === undefined || LEFT_OUT.has(field)) return undefined;
    if (typeof value === "string") return readText(value, field);
    if (typeof value === "number" && currency && AMOUNTS.has(field)) {
      return `${decimalOf(value, currency)} ${currency.toUpperCase()}`;
    }
    if (Array.isArray(value)) return value.map((each) => read(each, field));
    if (typeof value !== "object") return value;
    if ("toDate" in value && typeof value.toDate === "function") return value.toDate();
    return readFields(value);
  };
  const readText = (text: string, field: string): string => {
    if (SNOWFLAKE.test(text) && text !== userId && !OF_A_THING.test(field)) return nameOf(text);
    return text.replaceAll(userId, SELF);
  };
  const readFields = (object: object): Record<string, unknown> => {
    const entries = Object.entries(object).map(([name, value]) => [
      readText(name, ""),
      read(value, name),
    ]);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  };
  return readFields(fields);
}
