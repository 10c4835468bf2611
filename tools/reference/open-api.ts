import * as z from "zod/mini";
import { type InternalRoute, routes } from "../../functions/ingress/internal-api/routes.ts";
import { sentence } from "./markdown.ts";

const ABOUT = `For C500's other services. Google checks the caller's identity token. A refusal answers with a sentence for people
and a code for programs. Answers may have more fields in later versions.`;

/** `docs/reference/openapi.json`: the internal API as OpenAPI 3.1. https://spec.openapis.org/oas/v3.1.1.html */
export function openApiPage(): string {
  return `${JSON.stringify(openApi(), null, 2)}\n`;
}

function openApi(): object {
  const paths = Array.from(routes.values(), (route) => [
    route.path,
    { [route.method.toLowerCase()]: operation(route) },
  ]);
  return {
    openapi: "3.1.1",
    info: { title: "C500 Live: the internal API", version: "1", description: ABOUT },
    servers: [
      {
        url: "https://{host}",
        variables: {
          host: { default: "internal-api.example", description: "The function's host" },
        },
      },
    ],
    security: [{ identityToken: [] }],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: {
        identityToken: {
          type: "http",
          scheme: "bearer",
          description: "An identity token of a service that Terraform names",
        },
      },
    },
  };
}

function operation(route: InternalRoute): object {
  const { method, operationId, does, key, input, answer } = route;
  const schema = schemaOf(input);
  const keyHeader = key && {
    name: "Idempotency-Key",
    in: "header",
    required: key.isRequired,
    description: key.does,
    schema: { type: "string", minLength: 1, maxLength: 255 },
  };
  const parameters = [
    ...(keyHeader ? [keyHeader] : []),
    ...(method === "GET" ? queryOf(schema) : []),
  ];
  return {
    operationId,
    summary: does,
    ...(parameters.length > 0 && { parameters }),
    ...(method === "POST" && { requestBody: { required: true, content: json(schema) } }),
    responses: {
      200: { description: "Done.", content: json(schemaOf(answer)) },
      ...refusalsOf(route),
    },
  };
}

/** Each field of an input as a parameter of the query. */
function queryOf({ properties = {}, required = [] }: z.core.JSONSchema.BaseSchema): object[] {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
}

/** The refusals of a route by their status, each with its codes. */
function refusalsOf({ errors }: InternalRoute): object {
  const byStatus = Map.groupBy(Object.entries(errors), ([, { status }]) => status);
  const responses = Array.from(byStatus, ([status, refusals]) => {
    const codes = refusals.map(([code]) => code);
    const error = {
      type: "object",
      properties: { error: { type: "string" }, code: { enum: codes } },
      required: ["error", "code"],
    };
    const description = refusals.map(([code, { when }]) => `\`${code}\`: ${sentence(when)}`);
    return [status, { description: description.join(" "), content: json(error) }];
  });
  return Object.fromEntries(responses);
}

function json(schema: object): object {
  return { "application/json": { schema } };
}

/** A schema as a client sees it, without the dialect, which OpenAPI 3.1 implies. */
function schemaOf(schema: z.ZodMiniType): z.core.JSONSchema.BaseSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest;
}
