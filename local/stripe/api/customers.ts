import * as z from "zod/mini";
import {
  createCustomer,
  customerChanges,
  customerOf,
  customerParameters,
  deleteCustomer,
  liveCustomer,
  updateCustomer,
} from "../actions/customers.ts";
import type { Customer, DeletedCustomer } from "../objects/session-objects.ts";
import type { Calls } from "../requests/calls.ts";
import { created, isCreated, page, paging } from "../requests/lists.ts";
import { text } from "../requests/parameters.ts";
import type { World } from "../world.ts";

const nothing = z.strictObject({});

/**
 * https://docs.stripe.com/api/customers. There is no search: Stripe's finds a new customer only
 * after a while, so nothing may depend on it.
 */
export function serveCustomers(calls: Calls, world: World): void {
  calls.post("/customers", {
    schema: customerParameters,
    handle: ({ parameters }) => createCustomer(world, customerChanges(parameters)),
  });
  calls.get("/customers/:id", { schema: nothing, handle: ({ id }) => customerOf(world, id) });
  calls.post("/customers/:id", {
    schema: customerParameters,
    handle: ({ id, parameters }) => {
      const customer = liveCustomer(world, id);
      return updateCustomer(world, customer, customerChanges(parameters, customer.metadata));
    },
  });
  calls.delete("/customers/:id", {
    schema: nothing,
    handle: ({ id }) => deleteCustomer(world, id),
  });
  calls.get("/customers", {
    schema: z.strictObject({ ...paging, created, email: z.optional(text()) }),
    handle: ({ path, parameters }) => {
      const { created: when, email } = parameters;
      const found = [...world.customers.values()]
        .filter(isLive)
        .filter((customer) => isCreated(customer.created, when))
        .filter((customer) => email === undefined || customer.email === email);
      return page(found, parameters, path);
    },
  });
}

function isLive(customer: Customer | DeletedCustomer): customer is Customer {
  return !("deleted" in customer);
}
