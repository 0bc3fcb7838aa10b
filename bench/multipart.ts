import { boundaryOf, MultipartFault } from "../src/http/form/multipart/boundary.ts";
import { MultipartParser } from "../src/http/form/multipart/parser.ts";
import { formReader } from "../src/http/index.ts";

/**
 * What reading a multipart form costs, in microseconds per form, beside `request.formData()`; and how much of it finding the boundaries is,
 * which is all that native code could make faster: `bun bench/multipart.ts`.
 */

const BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
const ROUNDS = 21;

interface Form {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly fields: readonly string[];
  readonly files: readonly string[];
  readonly calls: number;
}

function form(name: string, texts: number, textSize: number, files: number, fileSize: number, calls: number): Form {
  const fields = Array.from({ length: texts }, (_, at) => `field${at}`);
  const uploads = Array.from({ length: files }, (_, at) => `file${at}`);
  const pieces: (string | Uint8Array)[] = [];
  for (const field of fields) {
    pieces.push(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n`,
      "x".repeat(textSize),
      "\r\n",
    );
  }
  for (const file of uploads) {
    const head = `Content-Disposition: form-data; name="${file}"; filename="a.bin"\r\nContent-Type: image/png\r\n\r\n`;
    pieces.push(`--${BOUNDARY}\r\n${head}`, crypto.getRandomValues(new Uint8Array(65_536)), "\r\n");
    pieces[pieces.length - 2] = repeated(pieces[pieces.length - 2] as Uint8Array, fileSize);
  }
  pieces.push(`--${BOUNDARY}--\r\n`);
  const bytes = new Uint8Array(Buffer.concat(pieces.map((piece) => Buffer.from(piece as Uint8Array))));
  return { name, bytes, fields, files: uploads, calls };
}

function repeated(random: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += random.length)
    bytes.set(random.subarray(0, Math.min(random.length, size - at)), at);
  return bytes;
}

const FORMS = [
  form("3 texts", 3, 20, 0, 0, 2_000),
  form("3 texts, a file of 10 KB", 3, 20, 1, 10_000, 1_000),
  form("100 texts of 20 bytes", 100, 20, 0, 0, 200),
  form("a file of 900 KB", 0, 0, 1, 900_000, 50),
  form("a file of 20 MB", 0, 0, 1, 20_000_000, 3),
];

const request = ({ bytes }: Form): Request =>
  new Request("http://a/", {
    method: "POST",
    headers: { "content-type": TYPE, "content-length": String(bytes.length) },
    body: bytes,
  });

type Read = (form: Form) => unknown;

const rules = { many: false, optional: true, minSize: 0, minFiles: 0, maxFiles: undefined, maxSize: undefined };

const readers: Readonly<Record<string, Read>> = {
  "formData()": async (given) => {
    const data = await request(given).formData();
    return given.fields.map((field) => data.get(field));
  },
  formReader: async (given) => {
    const files = new Map(
      given.files.map((file) => [file, { ...rules, types: [], sniff: false, source: "files" as const }]),
    );
    const plan = { fields: given.fields, repeated: given.fields.map(() => false), files };
    const result = await formReader(plan, { bytes: 1e9, parts: 1_000 })(request(given));
    if (result.entries.length > 0) throw new Error(JSON.stringify(result.entries));
    result.dispose();
  },
  "the parser": (given) => {
    const boundary = boundaryOf(TYPE);
    if (boundary instanceof MultipartFault) throw new Error(boundary.message);
    let size = 0;
    const sink = { data: (bytes: Buffer) => void (size += bytes.length), end() {} };
    const parser = new MultipartParser(boundary, () => sink);
    for (let at = 0; at < given.bytes.length; at += 131_072) parser.write(given.bytes.subarray(at, at + 131_072));
    if (parser.end() !== undefined) throw new Error("broken");
    return size;
  },
  "the boundaries": (given) => {
    const delimiter = Buffer.from(`\r\n--${BOUNDARY}`);
    let found = 0;
    for (let from = 0; from < given.bytes.length; from += 131_072) {
      const chunk = given.bytes.subarray(from, from + 131_072);
      const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      for (let at = buffer.indexOf(delimiter); at !== -1; at = buffer.indexOf(delimiter, at + delimiter.length))
        found++;
    }
    return found;
  },
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const table: Record<string, Record<string, number>> = {};
for (const given of FORMS) {
  const times = new Map(Object.keys(readers).map((name): [string, number[]] => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, read] of Object.entries(readers)) {
      const start = Bun.nanoseconds();
      for (let call = 0; call < given.calls; call++) await read(given);
      times.get(name)?.push((Bun.nanoseconds() - start) / given.calls / 1_000);
    }
  }
  table[given.name] = Object.fromEntries(
    [...times].map(([name, values]) => [name, Math.round(10 * median(values.slice(5))) / 10]),
  );
}
console.table(table);
