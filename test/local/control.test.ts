import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startControl } from "../../local/control/control.ts";
import { LocalClock } from "../../local/kit/clock.ts";
import { FaultPlan } from "../../local/kit/faults.ts";
import type { HttpService } from "../../local/kit/http/listen.ts";

let control: HttpService;
const faults = new FaultPlan();
beforeAll(async () => {
  const settle = async () => undefined;
  const save = () => undefined;
  control = await startControl({ clock: new LocalClock(), faults, settle, save });
});
afterAll(() => control.stop());

test.each([
  ["/clock/advance", "{oops"],
  ["/clock/advance", '{"ms": -1}'],
  ["/clock/advance", "{}"],
  ["/faults", "{oops"],
  ["/faults", "{}"],
  ["/faults", '{"target": "stripe", "fault": {"kind": "drop"}, "operation": "("}'],
])("what %s refuses (%s) is a 400 that says why, in JSON", async (path, body) => {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${control.url}${path}`, { method: "POST", headers, body });
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ error: expect.stringMatching(/\w \w/) });
});
