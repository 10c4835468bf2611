import { readdirSync, readFileSync } from "node:fs";
import { parse } from "@cdktn/hcl2json";
import * as z from "zod/mini";

const FOLDER = new URL("../../terraform/", import.meta.url);

const body = z.record(z.string(), z.unknown());
const named = z._default(z.record(z.string(), z.array(body)), {});
const file = z.object({
  resource: z._default(z.record(z.string(), z.record(z.string(), z.array(body))), {}),
  variable: named,
  output: named,
  terraform: z._default(z.array(body), []),
  locals: z._default(z.array(body), []),
});

/** A block's arguments and blocks; expressions as text within `{…}`. */
export type Body = Readonly<Record<string, unknown>>;

/** One resource as it is written. */
export interface Resource extends Body {
  readonly type: string;
  readonly label: string;
}

/** All that is in `terraform/`, parsed but not evaluated. */
export interface Terraform {
  readonly resources: readonly Resource[];
  readonly variables: ReadonlyMap<string, Body>;
  readonly outputs: ReadonlyMap<string, Body>;
  readonly locals: Body;
  readonly settings: Body;
  /** The files as they are, by name. */
  readonly texts: ReadonlyMap<string, string>;
  /** The resources of a type. */
  of(type: string): Resource[];
  /** The one resource of a type and label. Throws when there is none. */
  one(type: string, label: string): Resource;
}

/** Reads `terraform/*.tf`. Throws where one is no HCL. */
export async function readTerraform(): Promise<Terraform> {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".tf"));
  const texts = new Map(names.map((name) => [name, readFileSync(new URL(name, FOLDER), "utf8")]));
  const files = await Promise.all(
    [...texts].map(async ([name, text]) => {
      const parsed = JSON.stringify(await parse(name, text));
      // Without the dollars, which in TypeScript look as if a template had been meant.
      return file.parse(JSON.parse(parsed.replaceAll("${", "{")));
    }),
  );
  const resources = files.flatMap(({ resource }) =>
    Object.entries(resource).flatMap(([type, byName]) =>
      Object.entries(byName).flatMap(([label, bodies]) =>
        bodies.map((each): Resource => ({ ...each, type, label })),
      ),
    ),
  );
  const only = (entries: Record<string, Body[]>[]) =>
    new Map(entries.flatMap(Object.entries<Body[]>).map(([name, [each]]) => [name, each ?? {}]));
  return {
    resources,
    variables: only(files.map(({ variable }) => variable)),
    outputs: only(files.map(({ output }) => output)),
    locals: Object.assign({}, ...files.flatMap(({ locals }) => locals)),
    settings: Object.assign({}, ...files.flatMap(({ terraform }) => terraform)),
    texts,
    of: (type) => resources.filter((resource) => resource.type === type),
    one(type, label) {
      const found = resources.find((each) => each.type === type && each.label === label);
      if (!found) throw new Error(`There is no ${type} ${label}.`);
      return found;
    },
  };
}

/** A block's first and only block of a name. */
export function block(of: Body, name: string): Body {
  const blocks = z.array(body).safeParse(of[name]);
  return blocks.data?.[0] ?? {};
}

/** What `terraform/functions.json` says of a function, as far as conditions look at it. */
export interface Row {
  readonly trigger: { readonly kind: string; readonly isPublic?: boolean };
}

const CHOICE = /^\{\{ for name, row in local\.deployed : name => row if (.+) \}\}$/;

/** The names that a local chooses of all functions, by the very condition that is written there. */
export function chosen(expression: unknown, rows: Readonly<Record<string, Row>>): string[] {
  const condition = CHOICE.exec(String(expression))?.[1];
  if (condition === undefined) throw new Error(`This chooses no functions: ${expression}`);
  const script = condition
    .replaceAll(/try\(([\w.]+), (\w+)\)/g, "($1 ?? $2)")
    .replaceAll("==", "===");
  const holds = new Function("row", `return ${script};`);
  return Object.entries(rows).flatMap(([name, row]) => (holds(row) === true ? [name] : []));
}
