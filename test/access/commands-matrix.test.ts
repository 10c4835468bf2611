import { controls } from "./controls.ts";
import { commandRows } from "./matrix-rows.ts";
import { testMatrix } from "./matrix-tests.ts";

const audiences = new Map(controls.map(({ name, who }) => [name, who]));

testMatrix(
  Object.entries(commandRows).map(([name, row]) => ({
    name,
    row,
    who: audiences.get(name) ?? "owner",
  })),
);
