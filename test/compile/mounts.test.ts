import { expect, test } from "bun:test";
import { Api } from "../../src/index.ts";

test("a mounted app's bodies have the limit of the api around it", async () => {
  const api = new Api({ maxBodySize: 10, health: false });
  api.mount("/legacy", async (request) => new Response(`${request.method} ${(await request.text()).length}`));
  const send = (body: string) =>
    api.handle(
      new Request("http://localhost/legacy/x", {
        method: "POST",
        body,
        headers: { "content-length": String(body.length) },
      }),
    );
  expect(await (await send("x".repeat(10))).text()).toBe("POST 10");
  const refused = await send("x".repeat(11));
  expect(refused.status).toBe(413);
  expect(await refused.json()).toEqual({ detail: "Body is larger than 10 bytes" });
});
