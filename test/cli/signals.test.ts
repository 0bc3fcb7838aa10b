import { expect, test } from "bun:test";
import { stopOnSignal } from "../../src/server/index.ts";

test("a signal stops the server once, and the handlers are gone before it does", async () => {
  const before = process.listenerCount("SIGUSR2");
  const events: string[] = [];
  const stop = () => {
    events.push(`stop with ${process.listenerCount("SIGUSR2") - before} handlers`);
    return Promise.resolve();
  };
  const stopped = stopOnSignal({ stop }, { signals: ["SIGUSR2"], onSignal: (signal) => events.push(signal) });
  expect(process.listenerCount("SIGUSR2")).toBe(before + 1);
  process.kill(process.pid, "SIGUSR2");
  expect(await stopped).toBe("SIGUSR2");
  expect(events).toEqual(["SIGUSR2", "stop with 0 handlers"]);
});

test("a stop that fails rejects", async () => {
  const stopped = stopOnSignal({ stop: () => Promise.reject(new Error("stuck")) }, { signals: ["SIGUSR2"] });
  process.kill(process.pid, "SIGUSR2");
  expect(stopped).rejects.toThrow("stuck");
});
