import * as z from "zod/mini";
import type { Customer, DeletedCustomer } from "../objects/session-objects.ts";
import {
  addressParameters,
  phone,
  recipientParameters,
  toAddress,
  toRecipient,
} from "../requests/parameter-parts.ts";
import { mergeMetadata, metadata, text } from "../requests/parameters.ts";
import { noSuch } from "../requests/stripe-error.ts";
import { change, type World } from "../world.ts";

const MAX_EMAIL_LENGTH = 512;
const unset = z.literal("");

/**
 * The supported parameters of a customer; an empty text unsets a part:
 * https://docs.stripe.com/api/customers/create and https://docs.stripe.com/api/customers/update
 */
export const customerParameters = z.strictObject({
  address: z.optional(z.union([unset, addressParameters])),
  description: z.optional(z.string()),
  email: z.optional(z.union([unset, text(MAX_EMAIL_LENGTH)])),
  metadata: z.optional(metadata),
  name: z.optional(z.union([unset, text()])),
  phone: z.optional(z.union([unset, phone])),
  shipping: z.optional(z.union([unset, recipientParameters])),
});

/** What a customer's attributes can be changed to. */
export type CustomerChanges = Partial<
  Pick<Customer, "address" | "description" | "email" | "metadata" | "name" | "phone" | "shipping">
>;

/** Creates a customer. */
export function createCustomer(world: World, attributes: CustomerChanges): Customer {
  const customer: Customer = {
    id: world.newId("cus"),
    object: "customer",
    address: null,
    balance: 0,
    created: world.nowSeconds(),
    currency: null,
    default_source: null,
    description: null,
    email: null,
    livemode: false,
    metadata: {},
    name: null,
    phone: null,
    shipping: null,
    tax_exempt: "none",
    ...attributes,
  };
  world.customers.set(customer.id, customer);
  world.emit("customer.created", customer);
  return customer;
}

/** Changes a customer and emits an event if anything is different. */
export function updateCustomer(
  world: World,
  customer: Customer,
  changes: CustomerChanges,
): Customer {
  const previous = change(customer, changes);
  if (Object.keys(previous).length > 0) world.emit("customer.updated", customer, { previous });
  return customer;
}

/**
 * Deletes a customer with everything saved on it. Its id stays known, and sessions, payments and
 * charges keep what was entered for them. Throws when it does not exist or is deleted.
 */
export function deleteCustomer(world: World, id: string): DeletedCustomer {
  const customer = liveCustomer(world, id);
  const deleted: DeletedCustomer = { id, object: "customer", deleted: true };
  world.customers.set(id, deleted);
  world.emit("customer.deleted", customer);
  return deleted;
}

/** Finds a customer, also a deleted one. Throws when it never existed. */
export function customerOf(world: World, id: string): Customer | DeletedCustomer {
  const customer = world.customers.get(id);
  if (!customer) throw noSuch("customer", id);
  return customer;
}

/** Finds a customer. Throws when it does not exist or is deleted. */
export function liveCustomer(world: World, id: string): Customer {
  const customer = customerOf(world, id);
  if ("deleted" in customer) throw noSuch("customer", id);
  return customer;
}

/** The changes that a call's parameters ask for. */
export function customerChanges(
  given: z.infer<typeof customerParameters>,
  before: Customer["metadata"] = {},
): CustomerChanges {
  const { address, description, email, name, phone: number, shipping } = given;
  return {
    ...(address !== undefined && { address: address === "" ? null : toAddress(address) }),
    ...(description !== undefined && { description: description || null }),
    ...(email !== undefined && { email: email || null }),
    metadata: mergeMetadata(before, given.metadata),
    ...(name !== undefined && { name: name || null }),
    ...(number !== undefined && { phone: number || null }),
    ...(shipping !== undefined && {
      shipping:
        shipping === "" ? null : { ...toRecipient(shipping), phone: shipping.phone ?? null },
    }),
  };
}
