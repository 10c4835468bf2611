import { type HoldReason, holdsOf } from "../../shipping/domain/parcel.ts";
import type { Order } from "../../shop/domain/order.ts";
import type { Deps } from "../deps.ts";
import { type Month, type MonthNumbers, monthNumbers, readMonth } from "../domain/month-numbers.ts";
import type { ListPart, ReportedOrder } from "../store/desk-lists.ts";
import { type PackedParcel, toShippable } from "../store/parcel-moves.ts";
import { isWaitedFor } from "./parcel-deadlines.ts";

/** A parcel that waits to be sent. */
export interface WaitingParcel {
  readonly packed: PackedParcel;
  /** Why it may not be sent now, or not yet. */
  readonly reasons: readonly HoldReason[];
}

/** The beginning of each list of the desk, and a month's numbers. */
export interface Overview {
  readonly toBuild: ListPart<Order>;
  readonly toShip: ListPart<WaitingParcel>;
  readonly sent: ListPart<PackedParcel>;
  /** What buyers reported, and waits for somebody. */
  readonly cases: ListPart<ReportedOrder>;
  /** Those of `toShip` that should have been sent. */
  readonly late: readonly PackedParcel[];
  readonly month: Month;
  readonly numbers: readonly MonthNumbers[];
}

/** Dependencies of overviews. */
export type OverviewDeps = Pick<Deps, "deskLists" | "builders" | "clock">;

/** Reads one builder's overview, or that of all builders. */
export async function readOverview(
  builderId: string | undefined,
  deps: OverviewDeps,
): Promise<Overview> {
  const { deskLists, clock } = deps;
  const now = clock.now();
  const first = { builderId, after: undefined, search: "" };
  const month = readMonth(null, now);
  const [toBuild, open, sent, cases, paid] = await Promise.all([
    deskLists.toBuild(first),
    deskLists.parcels("open", first),
    deskLists.parcels("sent", first),
    deskLists.cases(first),
    Array.fromAsync(deskLists.paidBetween(builderId, month.from, month.until)),
  ]);
  const late = open.rows.filter((packed) => isLate(packed, now));
  const toShip = { rows: await withReasons(open.rows, deps), next: open.next };
  return { toBuild, toShip, sent, cases, late, month, numbers: monthNumbers(paid) };
}

/** Whether a parcel should have been sent. */
export function isLate({ parcel, orders }: PackedParcel, now: Date): boolean {
  return parcel.state === "open" && parcel.dispatchBy < now && isWaitedFor({ orders });
}

/** Open parcels with the reasons not to send them now, by what Twitch last said of their builders' streams. */
export async function withReasons(
  parcels: readonly PackedParcel[],
  { builders, clock }: Pick<Deps, "builders" | "clock">,
): Promise<readonly WaitingParcel[]> {
  const now = clock.now();
  const ids = [...new Set(parcels.map(({ parcel }) => parcel.builderId))];
  const reports = new Map(
    await Promise.all(ids.map(async (id) => [id, await builders.streamReport(id)] as const)),
  );
  return parcels.map((packed) => {
    const report = reports.get(packed.parcel.builderId);
    const orders = packed.orders.map(toShippable);
    return { packed, reasons: report ? holdsOf(packed.parcel, orders, { report, now }) : [] };
  });
}
