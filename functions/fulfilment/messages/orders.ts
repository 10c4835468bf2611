import type {
  Button,
  OutgoingMessage,
  Select,
} from "../../../shared/clients/discord/outgoing-message.ts";
import { colours, oneLine, plain, relativeTime } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { caseKindWords } from "../../shipping/domain/case.ts";
import { type Order, orderTitle } from "../../shop/domain/order.ts";
import { ALL, MAX_PAGE, ordersMoreButton } from "../commands/orders-more.ts";
import { shipSelect, shipSeveralButton } from "../commands/ship-form.ts";
import { carriers } from "../domain/carriers.ts";
import type { Month, MonthNumbers } from "../domain/month-numbers.ts";
import type { Overview, WaitingParcel } from "../service/overview.ts";
import type { ReportedOrder } from "../store/desk-lists.ts";
import type { PackedParcel } from "../store/parcel-moves.ts";
import { caseTurnWords } from "./case-turns.ts";
import { holdReasonWords } from "./hold-reasons.ts";

/** Rows of each list on one page. */
export const ROWS = 5;
/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const MAX_FIELD = 1024;
/** So that all rows and their line breaks fit into a field. */
const MAX_ROW = Math.floor(MAX_FIELD / ROWS) - 1;
const MAX_TITLE = 40;
const MIN_TITLE = 8;
const MAX_REASONS = 2;
/** https://discord.com/developers/docs/components/reference#string-select */
const MAX_OPTIONS = 25;
const MAX_OPTION = 100;

/** Whose orders are shown, to whom, and which part. */
export interface OrdersView {
  /** Undefined: all builders'. */
  readonly builderId: string | undefined;
  /** The builder looks at their own, and may ship them. */
  readonly isOwn: boolean;
  /** Counts from 0. */
  readonly page: number;
  /** The builder's own desk, which shows the same and more. */
  readonly ownDeskUrl: string | undefined;
  /** The team's desk, for staff: also for those who sell themselves. */
  readonly teamDeskUrl: string | undefined;
}

/** What is to build and to ship, what was shipped, what is wrong, and the month so far. */
export function ordersAnswer(overview: Overview, view: OrdersView): OutgoingMessage {
  const { toBuild, toShip, sent, cases, late, month, numbers } = overview;
  const row = (of: RowParts) => rowText(of, view);
  const problems = [...cases.rows.map(reportedRow), ...late.map(lateRow)].map(row);
  const lists = [
    { name: "To build", rows: toBuild.rows.map(buildRow).map(row), next: toBuild.next },
    { name: "To ship", rows: toShip.rows.map(shipRow).map(row), next: toShip.next },
    { name: "Shipped", rows: sent.rows.map(sentRow).map(row), next: sent.next },
    { name: "Problems", rows: problems, next: cases.next },
  ];
  const from = view.page * ROWS;
  const isMore = lists.some(({ rows }) => rows.length > from + ROWS) && view.page < MAX_PAGE;
  const select = selectOf(toShip.rows.slice(from), view);
  return {
    embeds: [
      {
        title: `${view.isOwn ? "Your shop's orders" : "Orders"}${from > 0 ? `, page ${view.page + 1}` : ""}`,
        color: colours.mint,
        ...(!view.isOwn && {
          description: view.builderId ? `<@${view.builderId}>` : "All builders",
        }),
        fields: [
          ...lists.map(({ name, rows, next }) => ({
            name: `${name}: ${rows.length}${next ? "+" : ""}`,
            value: rows.slice(from, from + ROWS).join("\n") || (from > 0 ? "No more." : "Nothing."),
          })),
          { name: monthName(month), value: numbersText(numbers) },
        ],
      },
    ],
    ...(select && { select }),
    buttons: buttonsOf(view, isMore),
  };
}

/** One row of a list: whose, which order, and what is said of it. */
interface RowParts {
  readonly title: string;
  readonly order: Pick<Order, "id" | "builderId">;
  readonly facts: readonly string[];
}

/** Titles are cut where a row would be too long; escaping makes them up to twice as long. */
function rowText({ title, order, facts }: RowParts, { builderId }: OrdersView): string {
  const whose = builderId === undefined ? [`<@${order.builderId}>`] : [];
  const rest = ["", `\`${order.id}\``, ...whose, ...facts].join(" · ");
  const left = Math.floor((MAX_ROW - rest.length) / 2) - 2;
  const name = plain(title, Math.min(MAX_TITLE, Math.max(MIN_TITLE, left)));
  return `**${name}**${rest}`.slice(0, MAX_ROW);
}

function buildRow(order: Order): RowParts {
  const { heldUntil } = order.payment ?? {};
  const facts = heldUntil ? [`show it live ${relativeTime(heldUntil)}`] : [];
  return { title: titleOf([order]), order, facts };
}

function shipRow({ packed, reasons }: WaitingParcel): RowParts {
  const held = reasons.slice(0, MAX_REASONS).map((reason) => holdReasonWords[reason]);
  const facts = [`due ${relativeTime(packed.parcel.dispatchBy)}`];
  return parcelRow(packed, held.length > 0 ? [...facts, `⏸️ ${held.join(", ")}`] : facts);
}

function sentRow(packed: PackedParcel): RowParts {
  const { sentAt, carrier, tracking } = packed.parcel;
  const name = Object.entries(carriers).find(([id]) => id === carrier && id !== "other")?.[1].name;
  const number =
    tracking === undefined ? [] : [[name, `\`${tracking}\``].filter(Boolean).join(" ")];
  return parcelRow(packed, [...(sentAt ? [`sent ${relativeTime(sentAt)}`] : []), ...number]);
}

function lateRow(packed: PackedParcel): RowParts {
  return parcelRow(packed, [`should have been sent ${relativeTime(packed.parcel.dispatchBy)}`]);
}

function reportedRow({ order, reported }: ReportedOrder): RowParts {
  const { kind, state, openedAt } = reported;
  const facts = [caseKindWords[kind], caseTurnWords[state] ?? state, relativeTime(openedAt)];
  return { title: titleOf([order]), order, facts };
}

function parcelRow({ parcel, orders }: PackedParcel, facts: readonly string[]): RowParts {
  return { title: titleOf(orders), order: parcel, facts };
}

/** "Brass weight and 2 more". */
function titleOf([first, ...others]: readonly Order[]): string {
  return `${(first && orderTitle(first)) ?? "An order"}${others.length > 0 ? ` and ${others.length} more` : ""}`;
}

const monthFormat = new Intl.DateTimeFormat("en-US", {
  year: "numeric",
  month: "long",
  timeZone: "UTC",
});

function monthName({ from }: Month): string {
  return monthFormat.format(from);
}

/** A line for each currency. */
function numbersText(numbers: readonly MonthNumbers[]): string {
  const lines = numbers.map((sum) => {
    const money = (amount: number) => formatMoney(amount, sum.currency);
    const count = `${sum.orders} ${sum.orders === 1 ? "order" : "orders"}`;
    return `${count} · sales ${money(sum.sales)} · shipping ${money(sum.shipping)} · fees ${money(sum.fees)} · refunds ${money(sum.refunded)} · paid out ${money(sum.paidOut)}`;
  });
  return lines.slice(0, ROWS).join("\n") || "Nobody has paid for an order yet.";
}

/** The parcels that can be shipped now, from this page on. */
function selectOf(waiting: readonly WaitingParcel[], { isOwn }: OrdersView): Select | undefined {
  const ready = waiting.filter(({ reasons }) => reasons.length === 0).slice(0, MAX_OPTIONS);
  if (!isOwn || ready.length === 0) return undefined;
  return {
    id: shipSelect.id({}),
    placeholder: "Ship an order…",
    options: ready.map(({ packed: { parcel, orders } }) => ({
      label: oneLine(titleOf(orders), MAX_OPTION),
      value: parcel.id,
      description: oneLine(`${parcel.id} · ${destinationOf(parcel)}`, MAX_OPTION),
    })),
  };
}

function destinationOf({ destination }: PackedParcel["parcel"]): string {
  return destination === "pickup" ? "is picked up" : `to ${destination}`;
}

function buttonsOf(
  { builderId, isOwn, page, ownDeskUrl, teamDeskUrl }: OrdersView,
  isMore: boolean,
): Button[] {
  const several = {
    label: "Ship several",
    id: shipSeveralButton.id({}),
    style: "primary",
  } as const;
  const next = { whose: builderId ?? ALL, page: page + 1 };
  const more = { label: "More", id: ordersMoreButton.id(next), style: "secondary" } as const;
  return [
    ...(isOwn ? [several] : []),
    ...(isMore ? [more] : []),
    ...(ownDeskUrl === undefined ? [] : [{ label: "Your desk", url: ownDeskUrl }]),
    ...(teamDeskUrl === undefined ? [] : [{ label: "The team's desk", url: teamDeskUrl }]),
  ];
}
