import { beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readlink, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "bun";
import { t } from "bolide";
import { folderStorage, type FormResult } from "../../../src/http/index.ts";
import type { FileStorage, UploadFile } from "../../../src/schema/index.ts";
import { file, formOf, multipart } from "./form-of.ts";
import { ownTemporaryDirectory, temporaryFiles } from "./temporary.ts";
import { serving } from "../serving.ts";

const CONTENT = '{"grüße":"Ada"}';
const SIZE = Buffer.byteLength(CONTENT);

ownTemporaryDirectory();
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bolide-uploads-"));
});

async function uploaded(memoryThreshold: number, filename = "a.json"): Promise<[UploadFile, FormResult]> {
  const body = multipart([file("it", filename, "application/json", CONTENT)]);
  const form = await formOf(body, { it: t.File() }, { memoryThreshold });
  return [form.files.get("it") as UploadFile, form];
}

describe.each([
  ["in memory", 1_048_576],
  ["on the disk", SIZE - 1],
])("a file %s", (_, threshold) => {
  test("is read as often as one likes", async () => {
    const [upload, form] = await uploaded(threshold);
    expect([upload.filename, upload.contentType, upload.size]).toEqual(["a.json", "application/json", SIZE]);
    expect(upload.onDisk).toBe(threshold < SIZE);
    for (let time = 0; time < 2; time++) {
      expect(await upload.text()).toBe(CONTENT);
      expect(await upload.json()).toEqual({ grüße: "Ada" });
      expect(Buffer.from(await upload.read()).toString()).toBe(CONTENT);
      expect(Buffer.from(await upload.bytes()).toString()).toBe(CONTENT);
      expect(Buffer.from(await upload.arrayBuffer()).toString()).toBe(CONTENT);
      expect(await new Response(upload.stream()).text()).toBe(CONTENT);
    }
    form.dispose();
  });

  test("has the headers of its part, as bytes", async () => {
    const [upload, form] = await uploaded(threshold, "ü.json");
    expect([...upload.headers]).toEqual([
      ["content-disposition", `form-data; name="it"; filename="${Buffer.from("ü.json").toString("latin1")}"`],
      ["content-type", "application/json"],
    ]);
    form.dispose();
  });

  test("is gone after the request, and says so", async () => {
    const [upload, form] = await uploaded(threshold);
    expect(temporaryFiles()).toHaveLength(upload.onDisk ? 1 : 0);
    form.dispose();
    form.dispose();
    expect(temporaryFiles()).toEqual([]);
    const gone = "An uploaded file was read after its request had ended: keep it with saveTo before answering";
    await expect(upload.text()).rejects.toThrow(gone);
    await expect(upload.read()).rejects.toThrow(gone);
    await expect(upload.saveTo(join(folder, "late"))).rejects.toThrow(gone);
    expect(() => upload.stream()).toThrow(gone);
    expect(existsSync(join(folder, "late"))).toBe(false);
    expect([upload.filename, upload.size]).toEqual(["a.json", SIZE]);
  });

  test("is saved to exactly the path that is given, as often as one likes, with what new files may", async () => {
    const [upload, form] = await uploaded(threshold, "../../a.json");
    const paths = ["one", "two", "three"].map((name) => join(folder, `${threshold}-${name}`));
    for (const path of paths) expect(await upload.saveTo(path)).toBe(path);
    await Bun.write(paths[2]!, "other");
    expect(await upload.saveTo(paths[2]!)).toBe(paths[2]!);
    expect(await upload.text()).toBe(CONTENT);
    form.dispose();
    for (const path of paths) {
      expect(await Bun.file(path).text()).toBe(CONTENT);
      expect(((await stat(path)).mode & 0o777).toString(8)).toBe((0o666 & ~process.umask()).toString(8));
    }
  });

  test("is still there when it could not be saved", async () => {
    const [upload, form] = await uploaded(threshold);
    await expect(upload.saveTo(join(folder, "nowhere", "a.json"))).rejects.toThrow("ENOENT");
    expect(await upload.text()).toBe(CONTENT);
    form.dispose();
    expect(temporaryFiles()).toEqual([]);
  });

  test("is kept in a folder under a name of its own", async () => {
    const [upload, form] = await uploaded(threshold, "..\\Report 1.JSON");
    const below = join(folder, `${threshold}`, "deep");
    const storage = folderStorage(below);
    const kept = [await upload.saveTo(storage), await upload.saveTo(storage)];
    form.dispose();
    expect((await readdir(below)).map((name) => join(below, name)).sort()).toEqual(kept.sort());
    for (const path of kept) {
      expect(path.slice(below.length)).toMatch(/^\/[\da-f]{8}-[\da-f]{4}-7[\da-f-]{21}\.json$/);
      expect(await Bun.file(path).text()).toBe(CONTENT);
    }
  });

  test("is kept in a bucket by a storage of three lines", async () => {
    const requests: string[] = [];
    const bucket = async (request: Request): Promise<Response> => {
      requests.push(`${request.method} ${new URL(request.url).pathname} ${await request.text()}`);
      return new Response(null, { headers: { etag: '"1"' } });
    };
    await serving(bucket, async (endpoint) => {
      const s3 = new S3Client({ endpoint, bucket: "photos", accessKeyId: "key", secretAccessKey: "secret" });
      const storage: FileStorage = {
        save: async (upload) => {
          await s3.write(upload.filename, await upload.arrayBuffer(), { type: upload.contentType });
          return `s3://photos/${upload.filename}`;
        },
      };
      const [upload, form] = await uploaded(threshold);
      expect(await upload.saveTo(storage)).toBe("s3://photos/a.json");
      form.dispose();
    });
    expect(requests).toEqual([`PUT /photos/a.json ${CONTENT}`]);
  });
});

test.each([0, 1, 3])(
  "a stream on the disk that nobody wants after %i pieces lets go of its file, once",
  async (pieces) => {
    const body = multipart([file("it", "a.bin", "a/b", new Uint8Array(300_000))]);
    const form = await formOf(body, { it: t.File() }, { memoryThreshold: 1 });
    const [path] = temporaryFiles();
    const opened = async (): Promise<number> => {
      const numbers = await readdir("/proc/self/fd").catch(() => []);
      const targets = numbers.map((one) => readlink(`/proc/self/fd/${one}`).catch(() => ""));
      return (await Promise.all(targets)).filter((target) => target.includes(path!)).length;
    };
    const reader = (form.files.get("it") as UploadFile).stream().getReader();
    // What is open is told by Linux alone.
    for (let read = 0; read < pieces; read++) await reader.read();
    if (process.platform === "linux") expect(await opened()).toBe(1);
    // The system is reading the next piece when the client goes away.
    const next = reader.read();
    await reader.cancel();
    expect(await next).toEqual({ done: true, value: undefined });
    for (let tries = 0; (await opened()) > 0 && tries < 200; tries++) await Bun.sleep(5);
    expect(await opened()).toBe(0);
    form.dispose();
  },
);

test("a temporary file is readable by this user alone", async () => {
  const [, form] = await uploaded(0);
  const [path] = temporaryFiles();
  expect(((await stat(join(tmpdir(), path!))).mode & 0o777).toString(8)).toBe("600");
  form.dispose();
});

test("what does not fit on the disk leaves what was at the path as it was, and nothing beside it", async () => {
  // No file of more than 100 blocks of 512 bytes; the signal that says so is for programs that do not look at errors.
  const script = `trap "" XFSZ; ulimit -f 100; exec "$0" "$1"`;
  const program = join(import.meta.dir, "programs", "full-disk.ts");
  const { stdout } = Bun.spawnSync(["sh", "-c", script, process.execPath, program], { env: process.env });
  expect(JSON.parse(stdout.toString())).toEqual({ outcome: "EFBIG", names: ["a.bin"], content: "before" });
});

test("what was kept in a folder that is a link lies where the link points", async () => {
  await symlink(folder, join(folder, "link"));
  const [upload, form] = await uploaded(0);
  const path = await upload.saveTo(folderStorage(join(folder, "link")));
  form.dispose();
  expect(await Bun.file(path).text()).toBe(CONTENT);
});

test("a folder without a name is refused where it is declared", () => {
  expect(() => folderStorage("")).toThrow(new TypeError("folderStorage takes the path of a folder, not an empty text"));
});

test("files that are refused, and those of a broken form, leave nothing behind", async () => {
  const large = file("it", "a", "a/b", "x".repeat(100));
  const limits = { memoryThreshold: 1 };
  const refused = await formOf(multipart([large]), { it: t.File({ maxSize: 50 }) }, limits);
  expect(refused.entries[0]?.type).toBe("file_too_large");
  expect(temporaryFiles()).toEqual([]);
  const whole = multipart([large, large]);
  expect((await formOf(whole.slice(0, -8), { it: t.Files() }, limits)).broken).toBe(true);
  expect(temporaryFiles()).toEqual([]);
  expect((await formOf(whole, { it: t.Files() }, { ...limits, parts: 1 })).broken).toBe(true);
  expect(temporaryFiles()).toEqual([]);
});
