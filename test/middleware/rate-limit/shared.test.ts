import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkedRate, type Limiter, sharedLimits } from "../../../src/middleware/index.ts";
import { clock } from "../../store/stores.ts";

const root = mkdtempSync(join(tmpdir(), "bolide-shared-"));
afterAll(() => rmSync(root, { recursive: true }));

let directory = "";
let warnings: string[] = [];
let directories = 0;
beforeEach(() => {
  warnings = [];
  directory = join(root, String(directories++));
  mkdirSync(directory);
});

const at = Date.UTC(2026, 10, 22);
const warn = (message: string): void => void warnings.push(message);
const open = (source: { name?: string; place?: string; limit?: number } = {}): Limiter =>
  sharedLimits({ directory, now: () => at }).open({
    rate: checkedRate(source.limit ?? 2, 60),
    name: source.name,
    place: source.place ?? "GET / 0",
    warn,
  });
const passes = (limiter: Limiter): boolean => (limiter.take("a") as { passed: boolean }).passed;
const files = (): string[] => readdirSync(directory).sort();

describe.skipIf(process.platform !== "linux")("a limit in shared memory", () => {
  test("is one file of 512 KiB and a header, which nobody else may open", () => {
    passes(open());
    const [file, ...more] = files();
    expect(more).toEqual([]);
    expect(file).toMatch(new RegExp(`^bolide-limit-${process.getuid?.()}-[\\w-]{43}-0$`));
    const { size, mode } = statSync(join(directory, file!));
    expect([size, mode & 0o777]).toEqual([524_352, 0o600]);
  });

  test("is counted on by whoever opens it next", () => {
    expect(passes(open())).toBe(true);
    expect(passes(open())).toBe(true);
    expect(passes(open())).toBe(false);
  });

  test("is another one at another place, under another name, and with other numbers", () => {
    const sources = [{}, { place: "GET / 1" }, { name: "a" }, { name: "b" }, { limit: 3 }, { name: "a", limit: 3 }];
    for (const source of sources) expect(passes(open(source))).toBe(true);
    expect(files()).toHaveLength(6);
    expect(passes(open({ name: "a", place: "elsewhere" }))).toBe(true);
    expect(files()).toHaveLength(6);
  });

  test("hashes keys with a seed of its own", () => {
    for (const name of ["a", "b"]) passes(open({ name }));
    const [one, other] = files().map((file) => readFileSync(join(directory, file)));
    expect(one!.subarray(0, 8)).toEqual(other!.subarray(0, 8));
    expect(one!.subarray(8, 16)).not.toEqual(other!.subarray(8, 16));
    const places = (bytes: Buffer) =>
      Array.from({ length: 65_536 }, (_, place) => place).filter((place) => bytes.readBigUInt64LE(64 + 8 * place) > 0n);
    expect([places(one!).length, places(other!).length]).toEqual([1, 1]);
  });

  test("counts exactly, however many processes there are, in Zig and in TypeScript", async () => {
    const program = join(import.meta.dir, "programs/attempts.ts");
    const children = ["1", "0", "1", "0"].map((native) =>
      Bun.spawn([process.execPath, program, directory, "1000", "3", String(at)], {
        stdin: "pipe",
        stdout: "pipe",
        stderr: "inherit",
        env: { ...process.env, BOLIDE_NATIVE: native },
      }),
    );
    const outputs = children.map(({ stdout }) => stdout.pipeThrough(new TextDecoderStream()).getReader());
    await Promise.all(outputs.map(async (output) => expect((await output.read()).value).toBe("ready\n")));
    for (const { stdin } of children) {
      void stdin.write("go\n");
      await stdin.end();
    }
    const passed = await Promise.all(
      outputs.map(async (output) => JSON.parse((await output.read()).value ?? "[]") as number[]),
    );
    const sums = [0, 1, 2].map((key) => passed.reduce((sum, of) => sum + of[key]!, 0));
    expect(sums).toEqual([500, 500, 500]);
    expect(files()).toHaveLength(1);
    expect(await Promise.all(children.map(({ exited }) => exited))).toEqual([0, 0, 0, 0]);
  });

  const spoil: readonly (readonly [string, (file: string) => void])[] = [
    ["is too short", (file) => writeFileSync(file, "bolide-1")],
    ["is empty", (file) => writeFileSync(file, "")],
    ["is of another format", (file) => writeFileSync(file, new Uint8Array(524_352))],
    ["others may read", (file) => chmodSync(file, 0o644)],
    [
      "is a link to one",
      (file) => {
        renameSync(file, `${file}.real`);
        symlinkSync(`${file}.real`, file);
      },
    ],
    [
      "is a directory",
      (file) => {
        rmSync(file);
        mkdirSync(file);
      },
    ],
  ];
  test.each(spoil)("leaves a file alone that %s, and makes another", (_, spoiled) => {
    passes(open());
    const [file] = files();
    spoiled(join(directory, file!));
    const before = statSync(join(directory, file!));
    expect([passes(open()), passes(open()), passes(open())]).toEqual([true, true, false]);
    expect(files()).toContain(file!.replace(/0$/, "1"));
    expect(statSync(join(directory, file!)).mtimeMs).toBe(before.mtimeMs);
    expect(warnings).toEqual([]);
  });

  test("gives up after four of them: each process counts for itself, and says so once", () => {
    passes(open());
    const [file] = files();
    for (const attempt of [0, 1, 2, 3]) writeFileSync(join(directory, file!.replace(/0$/, String(attempt))), "");
    const limiter = open();
    expect([passes(limiter), passes(limiter), passes(limiter)]).toEqual([true, true, false]);
    expect(warnings).toEqual([
      `rateLimit: each process counts for itself, since no memory can be shared: ${join(directory, file!.slice(0, -2))}-* are no tables of limits`,
    ]);
  });

  describe("that has grown old", () => {
    const HOUR = 3_600_000;
    const { now, pass } = clock();
    const source = (name: string, window = 60) => ({ rate: checkedRate(2, window), name, place: "", warn });
    const store = () => sharedLimits({ directory, now });
    const inodes = (): number[] => files().map((file) => statSync(join(directory, file)).ino);

    /** What the third word of each table says: until when it matters. */
    const untils = (): number[] =>
      files()
        .map((file) => readFileSync(join(directory, file)).readDoubleLE(16))
        .sort((one, other) => one - other);
    /** As files are that were written at the time of the clock. */
    const date = (): void => {
      for (const file of files()) utimesSync(join(directory, file), now() / 1000, now() / 1000);
    };

    test("says until when it matters, and again each hour that it is used", () => {
      const limiter = store().open(source("a"));
      const begun = now();
      expect(untils()).toEqual([begun + HOUR + 60_000]);
      pass(HOUR - 1);
      passes(limiter);
      expect(untils()).toEqual([begun + HOUR + 60_000]);
      pass(1);
      passes(limiter);
      expect(untils()).toEqual([begun + 2 * HOUR + 60_000]);
      store().open({ ...source("a"), rate: checkedRate(2, 60, 1) });
      expect(untils()).toEqual([begun + 2 * HOUR + 60_000]);
    });

    test("goes when another is made, and no sooner than an hour after it mattered", () => {
      passes(store().open(source("minute")));
      passes(store().open(source("day", 86_400)));
      date();
      const [minute, day] = [60_000, 86_400_000].map((millis) => now() + HOUR + millis);
      expect(untils()).toEqual([minute!, day!]);
      pass(2 * HOUR + 60_000);
      passes(store().open(source("another")));
      expect(untils()).toEqual([minute!, now() + HOUR + 60_000, day!]);
      pass(1);
      passes(store().open(source("one more")));
      expect(untils()).toEqual([now() - 1 + HOUR + 60_000, now() + HOUR + 60_000, day!]);
    });

    test("takes the drafts of killed processes with it, and nothing else", () => {
      const family = `bolide-limit-${process.getuid?.()}-`;
      const names = [`${family}x-0.123.draft`, "bolide-limit-x", "other", `bolide-limit-9${process.getuid?.()}-x`];
      for (const name of names) {
        writeFileSync(join(directory, name), "");
        utimesSync(join(directory, name), now() / 1000 - 3601, now() / 1000 - 3601);
      }
      writeFileSync(join(directory, `${family}young.123.draft`), "");
      utimesSync(join(directory, `${family}young.123.draft`), now() / 1000, now() / 1000);
      passes(store().open(source("a")));
      expect(files().filter((file) => !file.endsWith("-0"))).toEqual(
        [...names.slice(1), `${family}young.123.draft`].sort(),
      );
    });

    test("is found again within an hour where its file was removed under it", () => {
      const [one, other] = [store().open(source("a")), store().open(source("a"))];
      expect([passes(one), passes(other), passes(one)]).toEqual([true, true, false]);
      rmSync(join(directory, files()[0]!));
      const fresh = store().open(source("a"));
      const made = inodes();
      pass(HOUR);
      expect([passes(one), passes(other), passes(fresh), passes(one)]).toEqual([true, true, false, false]);
      expect(inodes()).toEqual(made);
    });

    test("is found again at once where the clock was set back", () => {
      const limiter = store().open(source("a"));
      rmSync(join(directory, files()[0]!));
      pass(-1);
      passes(limiter);
      expect(untils()).toEqual([now() + HOUR + 60_000]);
    });

    test("is kept where its directory has gone, and says so once", () => {
      const limiter = store().open(source("a", 86_400));
      expect([passes(limiter), passes(limiter), passes(limiter)]).toEqual([true, true, false]);
      rmSync(directory, { recursive: true });
      for (let hour = 0; hour < 3; hour++) {
        pass(HOUR);
        expect(passes(limiter)).toBe(false);
      }
      expect(warnings).toHaveLength(1);
    });

    test("is made after an hour where it could not be", () => {
      directory = join(root, "later");
      const limiter = store().open(source("a"));
      passes(limiter);
      mkdirSync(directory);
      pass(HOUR);
      expect([passes(limiter), passes(store().open(source("a"))), passes(limiter)]).toEqual([true, true, false]);
      expect(warnings).toHaveLength(1);
    });
  });

  test("does the same where there is no such directory", () => {
    directory = join(root, "nowhere");
    const limiter = open();
    expect([passes(limiter), passes(limiter), passes(limiter)]).toEqual([true, true, false]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toStartWith("rateLimit: each process counts for itself, since no memory can be shared: ENOENT");
  });
});
