import { globSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { sweeps } from "../../functions/operations/sweeps.ts";
import { defineSweep, type Sweep } from "../../shared/runtime/sweep.ts";

const root = new URL("../../", import.meta.url);
const page = readFileSync(new URL("docs/operations.md", root), "utf8");
/** The cells of the page's rows that begin with a part's name. */
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );

type AnySweep = Omit<Sweep<never>, "run">;
type Exports = Readonly<Record<string, unknown>>;

/** The names of the sweeps that modules export in lists, and that are not among `composed`. */
function notComposed(modules: readonly Exports[], composed: readonly AnySweep[]): string[] {
  const names = new Set(composed.map(({ name }) => name));
  const declared = modules.flatMap((module) => Object.values(module).flat() as AnySweep[]);
  return declared.map(({ name }) => name).filter((name) => !names.has(name));
}

const nothing = defineSweep({ name: "nothing", does: "", asks: [], run: async () => {} });

test("the sweeper runs what every feature declares, each under a name of its own", async () => {
  const files = globSync("functions/*/sweeps.ts", { cwd: root });
  expect(files.length).toBeGreaterThan(7);
  const modules = await Promise.all(
    files.map(async (file): Promise<Exports> => import(new URL(file, root).href)),
  );
  expect(notComposed(modules, sweeps)).toEqual([]);
  const names = sweeps.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
});

test("a sweep that a feature declares and nobody runs is found", () => {
  expect(notComposed([{ featureSweeps: [nothing] }], sweeps)).toEqual(["nothing"]);
});

test("docs/operations.md says what each part of the sweeper does and asks", () => {
  const sent = rows.filter(([name]) => sweeps.some((each) => `\`${each.name}\`` === name));
  expect(sent).toEqual(
    sweeps.map(({ name, does, asks }) => [`\`${name}\``, does, asks.join(", ")]),
  );
});

test("a sweep of what a feature lacks does not compile in the sweeper's list", () => {
  const needy = defineSweep({ ...nothing, run: async (_deps: { readonly mail: string }) => {} });
  // @ts-expect-error The sweeper's dependencies have no "mail".
  const composed: typeof sweeps = [needy];
  expect(composed).toHaveLength(1);
});
