import { expect, test } from "@jest/globals";
import { controls as definitions, immediateControls } from "./controls.ts";
import { commandRows, controlRows, immediateRows } from "./matrix-rows.ts";
import { testMatrix } from "./matrix-tests.ts";

const controls = new Map(definitions.map((definition) => [definition.name, definition]));

test("every command, button, select and form has a row, and every row belongs to one", () => {
  const sorted = (names: readonly string[]) => [...names].sort();
  const namesOf = (all: readonly { name: string }[]) => sorted(all.map(({ name }) => name));
  const later = [...Object.keys(commandRows), ...Object.keys(controlRows)];
  expect(sorted(later)).toEqual(namesOf(definitions));
  expect(sorted(Object.keys(immediateRows))).toEqual(namesOf(immediateControls));
  expect(Object.keys(commandRows).every((name) => controls.get(name)?.kind === "command")).toBe(
    true,
  );
});

testMatrix([
  ...Object.entries(immediateRows).map(([name, row]) => ({
    name: `${name} at once`,
    row,
    who: immediateControls.find((each) => each.name === name)?.who ?? ("owner" as const),
  })),
  ...Object.entries(controlRows).map(([name, row]) => ({
    name,
    row,
    who: controls.get(name)?.who ?? ("owner" as const),
  })),
]);
