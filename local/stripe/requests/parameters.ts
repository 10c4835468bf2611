import * as z from "zod/mini";
import { StripeError } from "./stripe-error.ts";

const EMPTY = "You passed an empty string for this parameter, which cannot be unset.";

const integerText = z
  .string()
  .check(z.regex(/^-?\d{1,15}$/, { error: ({ input }) => `Invalid integer: ${input}` }));

/** An integer. */
export const integer = z.pipe(integerText, z.transform(Number));

/** A positive integer. */
export const positiveInteger = z.pipe(
  integer,
  z.int().check(z.gte(1, { error: "This value must be greater than or equal to 1." })),
);

/** An integer of at least zero. */
export const notNegativeInteger = z.pipe(
  integer,
  z.int().check(z.gte(0, { error: "This value must be greater than or equal to 0." })),
);

/** "true" or "false". */
export const flag = z.pipe(
  z.enum(["true", "false"], { error: ({ input }) => `Invalid boolean: ${input}` }),
  z.transform((value) => value === "true"),
);

/** A text that is not empty. */
export function text(maxLength = 5000) {
  const error = `Invalid string: must be at most ${maxLength} characters`;
  return z.string().check(z.minLength(1, { error: EMPTY }), z.maxLength(maxLength, { error }));
}

/** A URL. Test mode accepts http as well. */
export const url = text(5000).check(
  z.refine((value) => URL.canParse(value) && /^https?:/.test(value), { error: "Not a valid URL" }),
);

/** https://docs.stripe.com/api/metadata */
const MAX_METADATA_KEYS = 50;
const MAX_METADATA_KEY_LENGTH = 40;
const MAX_METADATA_VALUE_LENGTH = 500;

const metadataRecord = z.record(
  z.string().check(
    z.maxLength(MAX_METADATA_KEY_LENGTH, {
      error: `Metadata keys are limited to ${MAX_METADATA_KEY_LENGTH} characters in length.`,
    }),
  ),
  z.string().check(
    z.maxLength(MAX_METADATA_VALUE_LENGTH, {
      error: `Metadata values are limited to ${MAX_METADATA_VALUE_LENGTH} characters in length.`,
    }),
  ),
);

/** Changes to metadata: an empty value unsets its key, an empty text unsets all keys. */
export const metadata = z.union([z.literal(""), metadataRecord]);

/** The metadata after the changes. Throws when an object would have too many keys. */
export function mergeMetadata(
  before: Readonly<Record<string, string>>,
  changes: "" | Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  if (changes === "") return {};
  const merged = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== "");
  if (merged.length <= MAX_METADATA_KEYS) return Object.fromEntries(merged);
  throw new StripeError(`Metadata can only have up to ${MAX_METADATA_KEYS} keys.`, {
    param: "metadata",
    beforeExecution: true,
  });
}

/**
 * Parses a call's parameters. Any parameter outside the schema is refused as unknown, including
 * those that Stripe supports and this simulator does not.
 */
export function readParameters<Schema extends z.ZodMiniType>(
  schema: Schema,
  given: unknown,
): z.infer<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => innermost(issue));
  throw refusal(issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0], given);
}

type Issue = z.core.$ZodIssue;

/** For a union without a match, the first issue of its last alternative. */
function innermost(issue: Issue): Issue {
  if (issue.code !== "invalid_union") return issue;
  const inner = issue.errors.at(-1)?.[0];
  return inner ? innermost({ ...inner, path: [...issue.path, ...inner.path] }) : issue;
}

function refusal(issue: Issue | undefined, given: unknown): StripeError {
  if (!issue) return new StripeError("Invalid request.", { beforeExecution: true });
  if (issue.code === "unrecognized_keys") {
    const param = bracketed([...issue.path, issue.keys[0] ?? ""]);
    const message = `Received unknown parameter: ${param}`;
    return new StripeError(message, { code: "parameter_unknown", param, beforeExecution: true });
  }
  const param = bracketed(issue.path);
  const input = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    given,
  );
  if (input === undefined) {
    const message = `Missing required param: ${param}.`;
    return new StripeError(message, { code: "parameter_missing", param, beforeExecution: true });
  }
  return new StripeError(issue.message, {
    ...codeOf(issue.message, input),
    param,
    beforeExecution: true,
  });
}

function codeOf(message: string, input: unknown): { code?: string } {
  if (input === "") return { code: "parameter_invalid_empty" };
  if (message.startsWith("Invalid integer")) return { code: "parameter_invalid_integer" };
  if (message === "Not a valid URL") return { code: "url_invalid" };
  return {};
}

/** Formats a path: "line_items[0][price_data][currency]". */
function bracketed([first, ...rest]: readonly PropertyKey[]): string {
  return [String(first ?? ""), ...rest.map((key) => `[${String(key)}]`)].join("");
}
