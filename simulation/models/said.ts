import { mustHold } from "../rules.ts";

/** What must have been stored before somebody is notified of it, by the notice's name. */
const AFTER: readonly (readonly [notice: RegExp, stored: (...parts: string[]) => string])[] = [
  [/^(?:receipt|sold):([^:]+)$/, (order) => `order ${order} was paid`],
  [/^released:([^:]+)/, (order) => `order ${order} released`],
  [/^apology:([^:]+)$/, (order) => `refund ${order} unit-gone made`],
  [/^refunded(?:-by)?:([^:]+):(.+)$/, (order, refund) => `refund ${order} ${refund} made`],
  [/^hold-ended:([^:]+):/, (order) => `refund ${order} hold-ended made`],
  [/^bank-is-working:([^:]+)$/, (order) => `order ${order} processing`],
  [/^bank-refused:([^:]+)$/, (order) => `order ${order} cancelled`],
  [/^dispute-of:([^:]+):([^:]+)$/, (dispute, turn) => `dispute ${dispute} ${turn}`],
];

/** N2: nothing about an order is said before it is stored. `been` is all that was ever stored. */
export function checkSaid(said: readonly string[], been: ReadonlySet<string>): void {
  for (const key of said) {
    for (const [notice, stored] of AFTER) {
      const [match, ...parts] = notice.exec(key) ?? [];
      if (match === undefined) continue;
      const what = stored(...parts);
      mustHold("N2", been.has(what), () => `${key} was said before it was stored: ${what}`);
    }
  }
}
