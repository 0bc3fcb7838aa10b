/** One entry of a 422 answer. */
export interface Entry {
  loc: (string | number)[];
  msg: string;
  type: string;
}

export interface Order {
  id: number;
  customer: { name: string; email: string };
  address: { street: string; city: string; zip: string; country: string };
  items: { sku: string; quantity: number; price: number }[];
  express: boolean;
}

export type Unchecked<T> = { readonly [K in keyof T]?: unknown };

const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;
const ZIP = /^[0-9]{5}$/;

export const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const isText = (value: unknown, longest: number): boolean =>
  typeof value === "string" && value.length > 0 && value.length <= longest;
export const isAtLeast = (value: unknown, least: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= least;

function isItem(item: unknown): boolean {
  if (!isObject(item)) return false;
  const { sku, quantity, price } = item as Unchecked<Order["items"][number]>;
  return isText(sku, 40) && isAtLeast(quantity, 1) && isAtLeast(price, 0);
}

function isOrder(body: unknown): boolean {
  if (!isObject(body)) return false;
  const { id, customer, address, items, express } = body as Unchecked<Order>;
  if (!isAtLeast(id, 1) || !isObject(customer) || !isObject(address) || typeof express !== "boolean") return false;
  const { name, email } = customer as Unchecked<Order["customer"]>;
  if (!isText(name, 100) || typeof email !== "string" || !EMAIL.test(email)) return false;
  const { street, city, zip, country } = address as Unchecked<Order["address"]>;
  if (!isText(street, 100) || !isText(city, 100) || typeof zip !== "string" || !ZIP.test(zip)) return false;
  if (typeof country !== "string" || country.length !== 2) return false;
  if (!Array.isArray(items) || items.length === 0) return false;
  for (const item of items) if (!isItem(item)) return false;
  return true;
}

type Loc = (string | number)[];

export class Entries {
  readonly list: Entry[] = [];

  add(loc: Loc, msg: string, type: string): void {
    this.list.push({ loc, msg, type });
  }

  object(value: unknown, loc: Loc): value is object {
    if (isObject(value)) return true;
    if (value === undefined) this.missing(loc);
    else this.add(loc, "Expected object", "type_error");
    return false;
  }

  missing(loc: Loc): void {
    this.add(loc, "Expected required property", "missing");
  }

  text(value: unknown, loc: Loc, shortest: number, longest: number): void {
    if (value === undefined) this.missing(loc);
    else if (typeof value !== "string") this.add(loc, "Expected string", "type_error");
    else if (value.length < shortest) {
      this.add(loc, `Expected string length greater or equal to ${shortest}`, "too_short");
    } else if (value.length > longest) {
      this.add(loc, `Expected string length less or equal to ${longest}`, "too_long");
    }
  }

  matching(value: unknown, loc: Loc, pattern: RegExp, msg: string, type: string): void {
    if (value === undefined) this.missing(loc);
    else if (typeof value !== "string") this.add(loc, "Expected string", "type_error");
    else if (!pattern.test(value)) this.add(loc, msg, type);
  }

  integer(value: unknown, loc: Loc, least: number): void {
    if (value === undefined) this.missing(loc);
    else if (!Number.isSafeInteger(value)) this.add(loc, "Expected integer", "type_error");
    else if ((value as number) < least) {
      this.add(loc, `Expected integer to be greater or equal to ${least}`, "range");
    }
  }
}

function explain(body: unknown): Entry[] {
  const entries = new Entries();
  if (!entries.object(body, ["body"])) return entries.list;
  const { id, customer, address, items, express } = body as Unchecked<Order>;
  entries.integer(id, ["body", "id"], 1);
  if (entries.object(customer, ["body", "customer"])) {
    const { name, email } = customer as Unchecked<Order["customer"]>;
    entries.text(name, ["body", "customer", "name"], 1, 100);
    entries.matching(email, ["body", "customer", "email"], EMAIL, "Expected string to match 'email' format", "format");
  }
  if (entries.object(address, ["body", "address"])) {
    const { street, city, zip, country } = address as Unchecked<Order["address"]>;
    entries.text(street, ["body", "address", "street"], 1, 100);
    entries.text(city, ["body", "address", "city"], 1, 100);
    entries.matching(zip, ["body", "address", "zip"], ZIP, `Expected string to match '${ZIP.source}'`, "pattern");
    entries.text(country, ["body", "address", "country"], 2, 2);
  }
  if (items === undefined) entries.missing(["body", "items"]);
  else if (!Array.isArray(items)) entries.add(["body", "items"], "Expected array", "type_error");
  else {
    if (items.length === 0) {
      entries.add(["body", "items"], "Expected array length to be greater or equal to 1", "too_short");
    }
    for (const [index, item] of items.entries()) {
      if (!entries.object(item, ["body", "items", index])) continue;
      const { sku, quantity, price } = item as Unchecked<Order["items"][number]>;
      entries.text(sku, ["body", "items", index, "sku"], 1, 40);
      entries.integer(quantity, ["body", "items", index, "quantity"], 1);
      entries.integer(price, ["body", "items", index, "price"], 0);
    }
  }
  if (express === undefined) entries.missing(["body", "express"]);
  else if (typeof express !== "boolean") entries.add(["body", "express"], "Expected boolean", "type_error");
  return entries.list;
}

/** The mistakes of a body, or `undefined` when it is an order. */
export const invalidOrder = (body: unknown): Entry[] | undefined => (isOrder(body) ? undefined : explain(body));

export function orderTotal(order: Order): number {
  let total = 0;
  for (const item of order.items) total += item.quantity * item.price;
  return total;
}
