import { expect, test } from "bun:test";
import { Api, depends, events, stream } from "../../src/index.ts";

/** An api whose only route streams `lines` and keeps a disposable dependency; `order` tells what happened. */
function streaming(answer: (lines: AsyncGenerator<string>) => Response) {
  const order: string[] = [];
  const lines = async function* () {
    try {
      yield "one";
      order.push("sent one");
      yield "two";
    } finally {
      order.push("source ended");
    }
  };
  const connection = depends(() => ({ [Symbol.dispose]: () => void order.push("disposed") }));
  const api = new Api({ health: false });
  api.get("/lines", { provide: { connection } }, () => answer(lines()));
  return { api, order };
}

test("a streamed answer keeps its dependencies until its last byte has been read", async () => {
  const { api, order } = streaming((lines) => stream(lines));
  const response = await api.handle(new Request("http://localhost/lines"));
  expect(order).toEqual([]);
  expect(await response.text()).toBe("onetwo");
  expect(order).toEqual(["sent one", "source ended", "disposed"]);
});

test("a client that goes away ends the source, then the dependencies", async () => {
  const { api, order } = streaming((lines) => stream(lines));
  const response = await api.handle(new Request("http://localhost/lines"));
  const reader = response.body!.getReader();
  await reader.read();
  await reader.cancel();
  expect(order).toEqual(["source ended", "disposed"]);
});

test("HEAD of a stream ends it without a byte", async () => {
  const { api, order } = streaming((lines) => events(lines));
  const response = await api.handle(new Request("http://localhost/lines", { method: "HEAD" }));
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  expect(await response.text()).toBe("");
  expect(order).toContain("disposed");
});
