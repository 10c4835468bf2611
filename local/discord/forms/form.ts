import * as z from "zod/mini";
import { type FormError, type FormErrors, refusals } from "../discord-error.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Parses a body as Discord does. Throws 50035 with an error for each invalid field. */
export function readForm<Schema extends z.core.$ZodType>(
  schema: Schema,
  body: unknown,
): z.output<Schema> {
  const result = z.safeParse(schema, body);
  if (result.success) return result.data;
  const found = result.error.issues.map((issue) => [issue.path, toFormError(issue, body)] as const);
  throw refusals.invalidForm(nest(found));
}

/** The nested errors of a 50035 for one invalid field. */
export function fieldError(path: Path, code: string, message: string): FormErrors {
  return nest([[path, { code, message }]]);
}

/** Reports an invalid field from within a schema's check. */
export function report(
  payload: z.core.ParsePayload,
  path: Path,
  code: string,
  message: string,
): void {
  payload.issues.push({
    code: "custom",
    input: payload.value,
    path: [...path],
    message,
    params: { code },
    continue: true,
  });
}

/** A text whose length, in Unicode characters, is within the limits. */
export function text(max: number, min = 0) {
  return z.string().check((payload) => {
    const length = lengthOf(payload.value);
    if (length > max) {
      report(payload, [], "BASE_TYPE_MAX_LENGTH", `Must be ${max} or fewer in length.`);
    } else if (length < min) {
      report(payload, [], "BASE_TYPE_MIN_LENGTH", `Must be ${min} or more in length.`);
    }
  });
}

/** A list of `min` to `max` items. */
export function list<Item extends z.core.$ZodType>(item: Item, max: number, min = 0) {
  return z.array(item).check(z.minLength(min), z.maxLength(max));
}

/** A whole number from `min` to `max`. */
export function integer(min: number, max: number) {
  return z.int().check(z.minimum(min), z.maximum(max));
}

/** A field that may be absent or null. */
export function maybe<Inner extends z.core.$ZodType>(inner: Inner) {
  return z.optional(z.nullable(inner));
}

/** A URL of at most `max` characters; `attachment://` names an uploaded file. */
export function webAddress(max: number, schemes = ["http:", "https:"]) {
  return text(max, 1).check((payload) => {
    const url = URL.parse(payload.value);
    if (!url) report(payload, [], "URL_TYPE_INVALID_URL", "Not a well formed URL.");
    else if (!schemes.includes(url.protocol)) {
      const allowed = schemes.map((scheme) => `'${scheme.slice(0, -1)}'`).join(", ");
      report(payload, [], "URL_TYPE_INVALID_SCHEME", `Scheme must be one of (${allowed}).`);
    }
  });
}

/** A snowflake as text; a number is accepted and converted. */
export const snowflake = z.pipe(
  z.union([z.string(), z.int()]),
  z.transform((value, payload) => {
    const id = String(value);
    if (!/^\d{1,20}$/.test(id)) {
      payload.issues.push({
        code: "custom",
        input: value,
        message: `Value "${id}" is not snowflake.`,
        params: { code: "NUMBER_TYPE_COERCE" },
      });
    }
    return id;
  }),
);

/** A text's length as Discord counts it: in Unicode characters, not in UTF-16 units. */
export function lengthOf(value: string): number {
  return [...value].length;
}

function nest(found: readonly (readonly [Path, FormError])[]): FormErrors {
  const root: FormErrors = {};
  for (const [path, error] of found) {
    let node = root;
    for (const part of path) {
      node[String(part)] ??= {};
      node = node[String(part)] as FormErrors;
    }
    node["_errors"] = [...((node["_errors"] ?? []) as FormError[]), error];
  }
  return root;
}

function toFormError(issue: Issue, body: unknown): FormError {
  if (valueAt(body, issue.path) === undefined && issue.code !== "custom") {
    return { code: "BASE_TYPE_REQUIRED", message: "This field is required" };
  }
  switch (issue.code) {
    case "custom":
      return { code: String(issue.params?.["code"]), message: issue.message };
    case "invalid_type":
      return wrongType(issue.expected);
    case "too_big":
      return issue.origin === "array"
        ? {
            code: "BASE_TYPE_MAX_LENGTH",
            message: `Must be ${issue.maximum} or fewer in length.`,
          }
        : {
            code: "NUMBER_TYPE_MAX",
            message: `int value should be less than or equal to ${issue.maximum}.`,
          };
    case "too_small":
      return issue.origin === "array"
        ? {
            code: "BASE_TYPE_MIN_LENGTH",
            message: `Must be ${issue.minimum} or more in length.`,
          }
        : {
            code: "NUMBER_TYPE_MIN",
            message: `int value should be greater than or equal to ${issue.minimum}.`,
          };
    case "invalid_value":
      return {
        code: "BASE_TYPE_CHOICES",
        message: `Value must be one of {${issue.values.map(String).join(", ")}}.`,
      };
    case "invalid_format":
      return {
        code: "STRING_TYPE_REGEX",
        message: "String value did not match validation regex.",
      };
    default:
      return { code: "UNION_TYPE_CHOICES", message: "Value of field is not one of those allowed." };
  }
}

function wrongType(expected: string): FormError {
  switch (expected) {
    case "array":
      return { code: "LIST_TYPE_CONVERT", message: "Only iterables may be used in a ListType" };
    case "object":
    case "record":
      return {
        code: "DICT_TYPE_CONVERT",
        message: "Only dictionaries may be used in a DictType",
      };
    case "number":
    case "int":
      return { code: "NUMBER_TYPE_COERCE", message: "Value is not an int." };
    case "boolean":
      return { code: "BOOLEAN_TYPE_CONVERT", message: "Must be either true or false." };
    default:
      return { code: "STRING_TYPE_CONVERT", message: "Could not interpret value as string." };
  }
}

function valueAt(body: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (node, part) =>
      typeof node === "object" && node !== null
        ? (node as Record<PropertyKey, unknown>)[part]
        : undefined,
    body,
  );
}
