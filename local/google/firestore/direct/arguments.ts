/**
 * The argument errors of Google's client, with its texts. It checks arguments before it sends a
 * request.
 */

/** The message for an invalid argument, given by its name or its index in a list. */
export function notValid(argument: string | number, expected: string): string {
  return `${named(argument)} is not a valid ${expected}.`;
}

/** Throws unless the value is an integer within the optional bounds. */
export function assertInteger(
  argument: string,
  value: number,
  bounds?: { readonly least: number; readonly most: number },
): void {
  if (!Number.isInteger(value)) throw new Error(notValid(argument, "integer"));
  if (bounds && (value < bounds.least || value > bounds.most)) {
    throw new Error(
      `${named(argument)} must be within [${bounds.least}, ${bounds.most}] inclusive, but was: ${value}`,
    );
  }
}

/** Throws when a call has no arguments. */
export function assertNotEmpty(method: string, given: readonly unknown[]): void {
  if (given.length > 0) return;
  throw new Error(`Function "${method}()" requires at least 1 argument.`);
}

/** Whether this is a plain object, without a class of its own. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    prototype === Object.prototype || prototype === null || value.constructor?.name === "Object"
  );
}

/** The message for an object whose class cannot be stored. */
export function notPlain(argument: string | number, value: unknown, at: string): string {
  const refused = notValid(argument, "Firestore document");
  if (!isObject(value)) return `${refused} Input is not a plain JavaScript object${at}.`;
  const className = value.constructor?.name ?? "Object";
  if (OWN_CLASSES.has(className)) {
    return `${refused} Detected an object of type "${className}" that doesn't match the expected instance${at}. Please ensure that the Firestore types you are using are from the same NPM package.)`;
  }
  if (className === "Object") {
    return `${refused} Invalid use of type "${typeof value}" as a Firestore argument${at}.`;
  }
  return `${refused} Couldn't serialize object of type "${className}"${at}. Firestore doesn't support JavaScript objects with custom prototypes (i.e. objects that were created via the "new" operator).`;
}

const OWN_CLASSES = new Set([
  "DocumentReference",
  "FieldPath",
  "FieldValue",
  "GeoPoint",
  "Timestamp",
]);

function isObject(value: unknown): value is object {
  return Object.prototype.toString.call(value) === "[object Object]";
}

function named(argument: string | number): string {
  return typeof argument === "string"
    ? `Value for argument "${argument}"`
    : `Element at index ${argument}`;
}
