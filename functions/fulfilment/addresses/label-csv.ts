import type { Collected } from "../../../shared/clients/stripe/reading.ts";
import { singleLine } from "../../../shared/text/text.ts";

/** A parcel as services that print labels import it. */
export interface LabelRow {
  readonly parcelId: string;
  readonly recipient: Collected;
  readonly items: readonly { readonly title: string; readonly quantity: number }[];
}

/**
 * The columns of Shippo's template for orders, of those that a label needs: Shippo recognises them by their names.
 * Pirate Ship takes any names, and asks which column is what when a file is uploaded. One row is one label. The weight is
 * the builder's to fill in. docs/features/shipping.md says what of this is verified.
 */
const COLUMNS = [
  "Order Number",
  "Recipient Name",
  "Company",
  "Email",
  "Phone",
  "Street Line 1",
  "Street Line 2",
  "City",
  "State/Province",
  "Zip/Postal Code",
  "Country",
  "Item Title",
  "Quantity",
  "Order Weight",
  "Order Weight Unit",
] as const;

/** Parcels as a CSV file: https://www.rfc-editor.org/rfc/rfc4180 */
export function labelCsv(rows: readonly LabelRow[]): string {
  return [COLUMNS, ...rows.map(cellsOf)]
    .map((cells) => `${cells.map(cellText).join(",")}\r\n`)
    .join("");
}

function cellsOf({ parcelId, recipient, items }: LabelRow): readonly string[] {
  const { name, address, phone, email } = recipient;
  const [first, ...further] = address?.lines ?? [];
  return [
    parcelId,
    name ?? "",
    "",
    email ?? "",
    // Without its plus sign, with which a spreadsheet would take it for a formula.
    (phone ?? "").replace(/\D/g, ""),
    first ?? "",
    further.join(", "),
    address?.city ?? "",
    address?.state ?? "",
    address?.postalCode ?? "",
    address?.country ?? "",
    items.map(({ title, quantity }) => `${quantity} x ${title}`).join("; "),
    String(items.reduce((sum, { quantity }) => sum + quantity, 0)),
    "",
    "",
  ];
}

/**
 * A cell that no spreadsheet takes for a formula: buyers choose their names and streets.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
function cellText(value: string): string {
  const line = singleLine(value);
  const safe = /^[=+\-@|%＝＋－＠]/u.test(line) ? `'${line}` : line;
  return `"${safe.replaceAll('"', '""')}"`;
}
