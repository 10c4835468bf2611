import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as z from "zod/mini";
import type { TestCloud } from "../cloud.ts";

const json = z.object({ "application/json": z.object({ schema: z.looseObject({}) }) });
const operation = z.object({
  operationId: z.string(),
  parameters: z.optional(z.array(z.object({ name: z.string(), in: z.string() }))),
  requestBody: z.optional(z.object({ content: json })),
  responses: z.record(z.string(), z.object({ content: json })),
});
const openApi = z.object({
  openapi: z.literal("3.1.1"),
  paths: z.record(z.string(), z.record(z.string(), operation)),
});

/** One operation of the document, with where it is. */
type Operation = z.output<typeof operation> & { readonly path: string; readonly method: string };

/** A response that fits the document. */
interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });

/** Every operation of `docs/reference/openapi.json`, by its id. */
export function readOperations(): ReadonlyMap<string, Operation> {
  const file = new URL("../../../docs/reference/openapi.json", import.meta.url);
  const { paths } = openApi.parse(JSON.parse(readFileSync(file, "utf8")));
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, each]) => ({ ...each, path, method })),
  );
  return new Map(all.map((each) => [each.operationId, each]));
}

/** The codes of the refusals that the document names for an operation. */
export function codesOf({ responses }: Operation): string[] {
  const error = z.object({
    properties: z.object({ code: z.object({ enum: z.array(z.string()) }) }),
  });
  return Object.entries(responses)
    .filter(([status]) => status !== "200")
    .flatMap(([, response]) => {
      return error.parse(response.content["application/json"].schema).properties.code.enum;
    });
}

/** A client that knows nothing but the document. It throws for responses that do not fit it. */
export function openApiClient(cloud: TestCloud) {
  const operations = readOperations();

  async function send(request: Operation, input: object, key: string | undefined): Promise<Answer> {
    const url = new URL(`${cloud.url("internal-api")}${request.path}`);
    const method = request.method.toUpperCase();
    for (const { name, in: place } of request.parameters ?? []) {
      const value: unknown = Reflect.get(input, name);
      if (place === "query" && value !== undefined) url.searchParams.set(name, String(value));
    }
    const response = await cloud.fetch(url.href, {
      method,
      headers: {
        "content-type": "application/json",
        ...(key !== undefined && { "idempotency-key": key }),
      },
      ...(request.requestBody && { body: JSON.stringify(input) }),
    });
    const body = await response.json();
    check(request, response.status, body);
    return { status: response.status, body };
  }

  return {
    /** Calls an operation; without a key of its own, the call has a new one. */
    async call(
      operationId: string,
      input: object,
      { key = crypto.randomUUID(), method }: { key?: string; method?: string } = {},
    ): Promise<Answer> {
      const found = operations.get(operationId);
      if (!found) throw new Error(`The document has no operation ${operationId}.`);
      return send({ ...found, ...(method && { method }) }, input, key);
    },
  };
}

function check({ operationId, responses }: Operation, status: number, body: unknown): void {
  const schema = responses[status]?.content["application/json"].schema;
  if (!schema) throw new Error(`${operationId} answered ${status}, which is not documented.`);
  if (ajv.validate(schema, body)) return;
  throw new Error(`${operationId}: ${ajv.errorsText()}: ${JSON.stringify(body)}`);
}
