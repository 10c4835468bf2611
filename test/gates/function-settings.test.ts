import { describe, expect, test } from "@jest/globals";
import { functionNames, manifest } from "../../functions/manifest.ts";
import { loadConfig } from "../../shared/runtime/config.ts";
import type { FunctionRow } from "../../shared/runtime/function/function-row.ts";
import { entryOf } from "../../tools/build/bundle.ts";
import { throwawaySettings } from "../../tools/build/throwaway-settings.ts";
import { settingsOf } from "../../tools/settings/function-settings.ts";
import { settingsRead } from "./settings-read.ts";

describe("a function is given the settings that its code reads, and no others", () => {
  test.each(functionNames)("%s", async (name) => {
    const read = await settingsRead(entryOf(name));
    expect([...new Set<string>(settingsOf(manifest[name]))].sort()).toEqual([...read].sort());
  });
});

test.each(functionNames)("%s starts with the settings that the build measures it with", (name) => {
  const { settings }: FunctionRow = manifest[name];
  expect(() => loadConfig(throwawaySettings(settings), settings)).not.toThrow();
});
