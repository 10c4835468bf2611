import { beforeAll, describe, expect, test } from "@jest/globals";
import { functionNames, manifest } from "../../functions/manifest.ts";
import { loadConfig } from "../../shared/runtime/config.ts";
import type { FunctionRow } from "../../shared/runtime/function/function-row.ts";
import { entryOf } from "../../tools/build/bundle.ts";
import { throwawaySettings } from "../../tools/build/throwaway-settings.ts";
import { settingsOf } from "../../tools/settings/function-settings.ts";
import { settingsRead } from "./settings-read.ts";

describe("a function is given the settings that its code reads, and no others", () => {
  const read = new Map<string, ReadonlySet<string>>();
  beforeAll(async () => {
    // The bundler uses all processors, for several at a time.
    const reading = functionNames.map(async (name) => {
      read.set(name, await settingsRead(entryOf(name)));
    });
    await Promise.all(reading);
  });

  test.each(functionNames)("%s", (name) => {
    const given = new Set<string>(settingsOf(manifest[name]));
    expect([...given].sort()).toEqual([...(read.get(name) ?? [])].sort());
  });
});

test.each(functionNames)("%s starts with the settings that the build measures it with", (name) => {
  const { settings }: FunctionRow = manifest[name];
  expect(() => loadConfig(throwawaySettings(settings), settings)).not.toThrow();
});
