import { flag, list, record, text } from "../documents/fields.ts";

/** Commands that move money, as a wallet or an order remembers them. */
export function moneyCommands(storedName: string) {
  return list(
    storedName,
    record("", { id: text("id"), what: text("what"), isDone: flag("is_done") }),
  );
}
