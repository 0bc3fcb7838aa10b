import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { Spool } from "../../../src/http/form/upload/spool.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);

/** How long a write may take, and whether the disk counts as slow from then on. */
const DISKS: readonly (readonly [title: string, slowMillis: number, waits: boolean])[] = [
  ["fast", 60_000, false],
  ["slow", -1, true],
];

test.each(DISKS)("on a %s disk all bytes are written in their order", async (_, slowMillis, waits) => {
  const spool = new Spool(slowMillis);
  try {
    spool.add(bytes("one,"));
    spool.add(bytes("two,"));
    expect(spool.flush()).toBeUndefined();
    spool.add(bytes("three,"));
    spool.add(bytes("four"));
    spool.end();
    expect(spool.closed).toBe(false);
    const written = spool.flush();
    expect(written instanceof Promise).toBe(waits);
    await written;
    expect(spool.closed).toBe(true);
    expect(spool.flush()).toBeUndefined();
    expect(await Bun.file(spool.path).text()).toBe("one,two,three,four");
  } finally {
    spool.remove();
  }
  expect(existsSync(spool.path)).toBe(false);
  spool.remove();
});

test("two files never share a name", () => {
  const [one, other] = [new Spool(), new Spool()];
  expect(one.path).not.toBe(other.path);
  one.remove();
  other.remove();
});
