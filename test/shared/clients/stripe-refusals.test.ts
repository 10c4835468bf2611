import { expect, test } from "@jest/globals";
import { StripeRefusedError } from "../../../shared/clients/stripe/errors.ts";

test.each([
  ["resource_missing", "destination", true],
  ["resource_missing", "source_transaction", false],
  ["resource_missing", "", false],
  ["parameter_invalid_empty", "destination", false],
])("a refusal with %s of %j means that the destination is lost: %j", (code, parameter, isLost) => {
  const refusal = new StripeRefusedError("No.", { code, parameter });
  expect(refusal.isLostDestination).toBe(isLost);
});
