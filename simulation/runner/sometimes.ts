import { attempts } from "../scenarios/shipping/attacks/attempts.ts";
import { attackedPages } from "../scenarios/shipping/attacks/page-attacks.ts";
import type { SimulationReport } from "./plan.ts";

/**
 * Events that every long campaign must contain to be meaningful; each scenario adds its actions.
 */
const SOMETIMES: readonly RegExp[] = [
  /^fault: killed before a call$/,
  /^fault: killed after a call$/,
  /^fault: frozen$/,
  /^instance idle$/,
  /^instance restarted$/,
  /^fault: slow$/,
  /^fault: firestore contention$/,
  /^fault: stripe answer lost$/,
  /^fault: discord rate limit$/,
  /^fault: pubsub delivered twice$/,
  /^fault: pubsub delivered late$/,
  /^fault: tasks delivery lost$/,
];

/** What the reference models must have replayed in a scenario's long campaign. */
const REPLAYED: Readonly<Record<string, readonly RegExp[]>> = {
  shop: [
    /^replayed: an order, refunded$/,
    /^replayed: an order, charged_back$/,
    /^replayed: an order of several units, paid$/,
    /^replayed: a debt, reversed$/,
    /^replayed: a transfer of an order$/,
  ],
  shipping: [
    /^replayed: an auction, sold$/,
    /^parcel: open$/,
    /^parcel: sent$/,
    /^parcel: arrived$/,
    /^parcel: canceled$/,
    /^parcel: arrived by buyer$/,
    /^parcel: joined bundle$/,
    /^parcel: price-wrong$/,
    /^parcel: arrived by time$/,
    /^parcel: corrected number$/,
    /^parcel: sent late$/,
    /^replayed: a refund of shipping alone$/,
    /^replayed: an order with tax$/,
    /^replayed: a refund with tax$/,
    /^replayed: money that waits for parcels$/,
    /^cancellation: asked$/,
    /^cancellation: accepted$/,
    /^cancellation: declined$/,
    /^case: open by buyer$/,
    /^case: answered by builder$/,
    /^case: escalated by buyer$/,
    /^case: escalated by builder$/,
    /^case: escalated by time$/,
    /^case: withdrawn by buyer$/,
    /^case: settled by builder$/,
    /^case: settled by staff$/,
    /^case: settled by bank$/,
    /^case: settled by time$/,
    /^case: settled with refund$/,
    /^case: settled with a part$/,
    /^case: settled with replace$/,
    /^case: settled with none$/,
    ...Object.entries(attempts).flatMap(([name, ways]) =>
      ways.length === 0 ? [] : [new RegExp(`^attack: ${name}$`)],
    ),
    ...Object.keys(attackedPages).map(
      (path) => new RegExp(`^attack: ${path.replace(".", "\\.")}$`),
    ),
    /^deadline: dispatch-reminder$/,
    /^deadline: dispatch-late$/,
    /^deadline: arrival-question$/,
    /^deadline: cancel-accepted$/,
    /^deadline: cancel-declined$/,
    /^deadline: case-pictures$/,
    ...["paid", "building", "shipped", "delivered", "refunded", "charged_back"].flatMap((state) => [
      new RegExp(`^replayed: an order, ${state}$`),
      new RegExp(`^replayed: an order of several units, ${state}$`),
    ]),
    /^replayed: an order of several units, refunded in part$/,
    /^replayed: an order of several units, sent again$/,
    /^replayed: an order of several units, canceled$/,
  ],
  auction: [
    /^replayed: an auction, sold$/,
    /^replayed: an order, paid$/,
    /^sold below the reserve$/,
    /^not sold below a met reserve$/,
    /^someone's bids removed$/,
    ...["sell", "close", "cancel", "void", "rerun", "extend", "remove-bids"].map(
      (word) => new RegExp(`^refused: ${word} by others$`),
    ),
  ],
  race: [/^replayed: a freeze of the ledger$/, /^replayed: a payout of the ledger$/],
};

/** How often each event happened in all simulations, most frequent first. */
function countsOf(reports: readonly SimulationReport[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { happened } of reports) {
    for (const [what, times] of happened) counts.set(what, (counts.get(what) ?? 0) + times);
  }
  return new Map([...counts].sort(([, one], [, other]) => other - one));
}

/** One line per event. */
export function tableOf(reports: readonly SimulationReport[]): string {
  const lines = [...countsOf(reports)].map(
    ([what, times]) => `${String(times).padStart(7)}  ${what}`,
  );
  return lines.join("\n");
}

/** Possible events that never happened. */
export function missingOf(reports: readonly SimulationReport[]): string[] {
  const counts = countsOf(reports);
  const done = [...counts.keys()];
  const scenarios = new Set(reports.map(({ plan }) => plan.scenario));
  const due = [...SOMETIMES, ...[...scenarios].flatMap((name) => REPLAYED[name] ?? [])];
  const missing = due.filter((each) => !done.some((what) => each.test(what)));
  const neverDone = done.flatMap((what) => {
    const action = /^not possible: (.*)$/.exec(what)?.[1];
    return action !== undefined && !counts.has(`done: ${action}`) ? [action] : [];
  });
  return [...missing.map(({ source }) => source.replace(/[\^$]|fault: /g, "")), ...neverDone];
}
