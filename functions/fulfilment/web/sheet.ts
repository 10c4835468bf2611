/** The beginning of the style sheet's SHA-256, so that browsers fetch a changed one at once. */
export const ORDERS_STYLE_VERSION = "8d62681f";

/** The address of the style sheet of orders' pages, the desk and packing slips. */
export const ORDERS_SHEET = `/pages/orders.css?v=${ORDERS_STYLE_VERSION}`;
