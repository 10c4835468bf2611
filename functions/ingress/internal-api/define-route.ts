import { createHash } from "node:crypto";
import type * as z from "zod/mini";
import { type HttpRequest, header, parseJson, rawBody } from "../../../shared/runtime/http.ts";

/** One reason why a route refuses: its status, and when it happens. */
interface Refusal {
  readonly status: number;
  readonly when: string;
}

/** What an `Idempotency-Key` header does. */
interface KeyTerms {
  readonly isRequired: boolean;
  readonly does: string;
}

/** What a route's work returns: the answer's body, or why there is none. */
export type Reply<Answer, Code extends string> =
  | { readonly answer: Answer }
  | { readonly refusal: Code; readonly error: string };

/** A request whose input fits the schema. */
interface Call<Input> {
  readonly input: Input;
  /** The `Idempotency-Key` header; empty if it is missing and not required. */
  readonly key: string;
}

/** What clients can know of a route; the OpenAPI document is made from it. */
interface Terms<Input extends z.ZodMiniType, Answer extends z.ZodMiniType> {
  /** `GET` for what only reads; its input is the query. The input of `POST` is the body. */
  readonly method: "GET" | "POST";
  readonly path: `/api/internal/${string}`;
  /** The operation's name in generated clients. */
  readonly operationId: string;
  readonly does: string;
  readonly key?: KeyTerms;
  readonly input: Input;
  readonly answer: Answer;
}

/** One route of the internal API, as the handler and the documentation use it. */
export interface Route<D> extends Terms<z.ZodMiniType, z.ZodMiniType> {
  /** Every refusal by its code, including those that all routes have. */
  readonly errors: Readonly<Record<string, Refusal>>;
  readonly respond: (request: HttpRequest, deps: D) => Promise<JsonResponse>;
}

/** A status and a JSON body. */
interface JsonResponse {
  readonly status: number;
  readonly body: object;
}

const MAX_KEY_LENGTH = 255;

/** What every route may answer. */
const COMMON = {
  "bad-request": { status: 400, when: "a field is missing or has a wrong value" },
  "wrong-method": { status: 405, when: "the path has another method" },
  "server-error": { status: 500, when: "something went wrong on our side; try again" },
} as const;
const BAD_KEY = {
  "bad-key": {
    status: 400,
    when: `the \`Idempotency-Key\` header is missing, or longer than ${MAX_KEY_LENGTH} characters`,
  },
} as const;

/**
 * Defines a route. Its input is checked before `run`, and its refusals get their status from `errors`. What `run` throws
 * is for the handler.
 */
export function defineRoute<
  const Input extends z.ZodMiniType,
  Answer extends z.ZodMiniType,
  const Errors extends Readonly<Record<string, Refusal>>,
  D,
>({
  errors,
  run,
  ...terms
}: Terms<Input, Answer> & {
  readonly errors: Errors;
  readonly run: (
    call: Call<z.output<Input>>,
    deps: D,
  ) => Promise<Reply<z.input<Answer>, keyof Errors & string>>;
}): Route<D> {
  const all: Readonly<Record<string, Refusal>> = {
    ...COMMON,
    ...(terms.key && BAD_KEY),
    ...errors,
  };
  return {
    ...terms,
    errors: all,
    respond: async (request, deps) => {
      const refused = (code: string, error: string) =>
        errorResponse(all[code]?.status, code, error);
      const given = terms.method === "GET" ? request.query : parseJson(rawBody(request));
      const input = terms.input.safeParse(given);
      if (!input.success) return refused("bad-request", problemText(terms.method, input.error));
      const key = header(request, "idempotency-key");
      if (terms.key && ((terms.key.isRequired && key === "") || key.length > MAX_KEY_LENGTH)) {
        const most = `at most ${MAX_KEY_LENGTH} characters`;
        return refused("bad-key", `Send an Idempotency-Key header of your own with ${most}.`);
      }
      const reply = await run({ input: input.data, key }, deps);
      if ("refusal" in reply) return refused(reply.refusal, reply.error);
      return { status: 200, body: reply.answer as object };
    },
  };
}

/** A refusal as every path of the API answers it. */
export function errorResponse(status = 500, code: string, error: string): JsonResponse {
  return { status, body: { error, code } };
}

/** The id of what a request makes: the same for a repeat with the same key and input. */
export function idOfCall(...cause: readonly string[]): string {
  return `api-${createHash("sha256").update(cause.join("\n")).digest("hex").slice(0, 32)}`;
}

function problemText(method: "GET" | "POST", { issues }: z.core.$ZodError): string {
  const fields = new Set(issues.map(({ path }) => path.join(".")));
  if (!fields.has("")) return `Missing or wrong: ${[...fields].join(", ")}.`;
  return method === "GET" ? "The query can't be read." : "The body must be a JSON object.";
}
