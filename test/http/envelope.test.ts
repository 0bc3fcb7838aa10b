import { expect, test } from "bun:test";
import { errorResponse, HttpError } from "../../src/http/index.ts";

const error = new HttpError(402, "Not enough credit", {
  extra: { shop: 7 },
  members: { balance: 30, accounts: ["/a/1"], detail: "another", title: "another", status: 1, type: "another" },
});

test("members stand beside detail, and never instead of it", async () => {
  expect(await errorResponse(error, "detail").json()).toEqual({
    detail: "Not enough credit",
    extra: { shop: 7 },
    balance: 30,
    accounts: ["/a/1"],
    title: "another",
    status: 1,
    type: "another",
  });
});

test("members extend problem details, and never replace what RFC 9457 defines", async () => {
  expect(await errorResponse(error, "problem").json()).toEqual({
    type: "about:blank",
    title: "Payment Required",
    status: 402,
    detail: "Not enough credit",
    extra: { shop: 7 },
    balance: 30,
    accounts: ["/a/1"],
  });
});

test("members come last, as they are given", async () => {
  const { body } = errorResponse(new HttpError(402, "No", { members: { b: 1, a: 2 } }), "detail");
  expect(await new Response(body).text()).toBe('{"detail":"No","b":1,"a":2}');
});
