import { dlopen, ptr } from "bun:ffi";
import { cpus } from "node:os";
import { nativeAuthorization } from "../src/native/authorization.ts";
import { nativeCookieFault, nativeCookieReader, scriptCookieReader } from "../src/native/cookies.ts";
import { scriptCookieFault } from "../src/native/cookie-fault-script.ts";
import { scriptAuthorization } from "../src/native/credentials.ts";
import {
  nativeStatus,
  parseAccept,
  parseAcceptEncoding,
  parseCookies,
  parseEntityTags,
  parseMediaType,
  parseRange,
} from "../src/native/index.ts";
import {
  nativeEncodingSelector,
  nativeTypeSelector,
  scriptEncodingSelector,
  scriptTypeSelector,
} from "../src/native/negotiate.ts";
import { measureJwt } from "./native-jwt.ts";

/**
 * Each parser of the native library against its TypeScript fallback, in nanoseconds per call: `bun run bench:native`.
 * `--json` prints the table as JSON, `--quick` takes fewer rounds.
 */

type Run = (header: string) => unknown;

interface Candidate {
  readonly name: string;
  readonly run: Run;
}

interface Row {
  readonly parser: string;
  readonly input: string;
  readonly length: number;
  /** Median nanoseconds per call by candidate. */
  readonly nanoseconds: Readonly<Record<string, number>>;
  /** The fallback's time over the native one's: above 1 the library wins. */
  readonly ratio?: number;
}

const options = new Set(process.argv.slice(2));
const ROUNDS = options.has("--quick") ? 9 : 41;
const CALLS = 5_000;
/** Enough calls for every tier of the compiler, measured: later rounds no longer get faster. */
const WARM_UP = 60_000;

/** Headers as Bun hands them out: flat strings of one byte per character, a different one each call. */
const variants = (header: string): string[] =>
  Array.from({ length: 16 }, () => Buffer.from(header, "latin1").toString("latin1"));

function nanosecondsPerCall(run: Run, headers: readonly string[], calls: number): number {
  const start = Bun.nanoseconds();
  for (let call = 0; call < calls; call++) run(headers[call & 15] as string);
  return (Bun.nanoseconds() - start) / calls;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

function measure(parser: string, input: string, header: string, candidates: readonly Candidate[]): Row {
  const headers = variants(header);
  const times = candidates.map((): number[] => []);
  for (const { run } of candidates) nanosecondsPerCall(run, headers, WARM_UP);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, { run }] of candidates.entries()) times[index]?.push(nanosecondsPerCall(run, headers, CALLS));
  }
  const nanoseconds = Object.fromEntries(
    candidates.map(({ name }, index) => [name, Math.round(median(times[index] ?? []))]),
  );
  const { script, native } = nanoseconds;
  const ratio = script === undefined || native === undefined ? undefined : Math.round((100 * script) / native) / 100;
  return { parser, input, length: header.length, nanoseconds, ...(ratio === undefined ? {} : { ratio }) };
}

function required<T>(native: T | undefined): T {
  if (native === undefined) throw new Error(`The native library is not loaded: ${nativeStatus().reason}`);
  return native;
}

const cookies = (count: number, length: number): string =>
  Array.from({ length: count }, (_, index) => `cookie_${index}=${"v".repeat(length)}`).join("; ") +
  "; session=7c9e6679f0b24d71";

const COOKIES = {
  tiny: "session=7c9e6679f0b24d71",
  short: "theme=dark; session=7c9e6679f0b24d71; lang=en",
  usual:
    "theme=dark; _ga=GA1.1.1208734817.1718800000; session=7c9e6679f0b24d71a6f1; lang=en-GB; tz=Europe%2FLisbon; seen=1",
  long: cookies(10, 38),
  huge: cookies(40, 80),
};

const token = (length: number): string => "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.".repeat(40).slice(0, length);

const AUTHORIZATION = {
  short: "Basic dXNlcjpwYXNz",
  key: "Bearer 3f5a9c0e7b1d4826a05e9c7f31b2d864",
  usual: `Bearer ${token(210)}`,
  long: `Bearer ${token(900)}`,
};

const ACCEPT = {
  any: "*/*",
  short: "application/json",
  usual: "application/json, text/plain, */*",
  long: "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
};

const ENCODING = {
  tiny: "gzip",
  short: "gzip, deflate",
  usual: "gzip, deflate, br, zstd",
  long: "br;q=1.0, gzip;q=0.8, deflate;q=0.6, zstd;q=0.9, identity;q=0.2, *;q=0.1",
};

const rows: Row[] = [];

for (const names of [["session"], ["absent"], ["session", "theme"], ["session", "theme", "lang", "tz"]]) {
  for (const [input, header] of Object.entries(COOKIES)) {
    const run: Candidate[] = [
      { name: "script", run: scriptCookieReader(names) },
      { name: "native", run: required(nativeCookieReader(names)) },
      { name: "CookieMap", run: (header: string) => names.map((name) => new Bun.CookieMap(header).get(name)) },
    ];
    if (names.length === 1) run.push({ name: "indexOf", run: (header) => bare(header, names[0] as string) });
    rows.push(
      measure(`cookieReader ${names.length} name${names.length > 1 ? "s" : `: ${names[0]}`}`, input, header, run),
    );
  }
}

/** The least a program can do for one cookie: no boundary, no quotes, no decoding. */
function bare(header: string, name: string): string | undefined {
  const at = header.indexOf(`${name}=`);
  if (at < 0) return undefined;
  const end = header.indexOf(";", at);
  return header.slice(at + name.length + 1, end < 0 ? header.length : end);
}

function compare(parser: string, inputs: Readonly<Record<string, string>>, script: Run, native: Run): void {
  for (const [input, header] of Object.entries(inputs)) {
    const candidates = [
      { name: "script", run: script },
      { name: "native", run: native },
    ];
    rows.push(measure(parser, input, header, candidates));
  }
}

const types = ["application/json", "text/html"];
const codings = ["zstd", "br", "gzip"];
compare("cookieFault", COOKIES, scriptCookieFault, required(nativeCookieFault()));
compare("parseAuthorization", AUTHORIZATION, scriptAuthorization, required(nativeAuthorization()));
compare("typeNegotiator", ACCEPT, scriptTypeSelector(types), required(nativeTypeSelector(types)));
compare("encodingNegotiator", ENCODING, scriptEncodingSelector(codings), required(nativeEncodingSelector(codings)));

/** The crossing alone, in three shapes: a parser whose fallback is cheaper than 1.5 times the cheapest has no native form. */
const input = Buffer.alloc(16_448);
const pointer = ptr(input);
const encoder = new TextEncoder();
const byPointer = dlopen(required(nativeStatus().path), { abi_version: { args: ["ptr"], returns: "u32" } }).symbols;
const byString = dlopen(required(nativeStatus().path), { abi_version: { args: ["cstring"], returns: "u32" } }).symbols;
const crossings: readonly Candidate[] = [
  {
    name: "encodeInto",
    run: (header) => encoder.encodeInto(header, input).written === header.length && byPointer.abi_version(pointer),
  },
  { name: "write", run: (header) => input.write(header, "latin1") === header.length && byPointer.abi_version(pointer) },
  { name: "cstring", run: (header) => byString.abi_version(header) },
];

const ONLY_SCRIPT: readonly (readonly [string, Run, Readonly<Record<string, string>>])[] = [
  ["parseRange", (header) => parseRange(header, 5_000), { usual: "bytes=0-1023", long: "bytes=0-1023,2000-2999,-500" }],
  [
    "parseEntityTags",
    parseEntityTags,
    {
      usual: 'W/"5d8c72a5edda8d6a"',
      long: '"5d8c72a5edda8d6a", "5d8c72a5edda8d6b", W/"5d8c72a5edda8d6c", "5d8c72a5edda8d6d"',
    },
  ],
  [
    "parseMediaType",
    parseMediaType,
    {
      short: "application/json",
      usual: "application/json; charset=utf-8",
      long: "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
    },
  ],
  ["parseAccept", parseAccept, ACCEPT],
  ["parseAcceptEncoding", parseAcceptEncoding, ENCODING],
  ["parseCookies", parseCookies, COOKIES],
];

for (const [parser, run, inputs] of ONLY_SCRIPT) {
  for (const [name, header] of Object.entries(inputs)) {
    rows.push(measure(parser, name, header, [{ name: "script", run }, ...crossings]));
  }
}

rows.push(...(await measureJwt(ROUNDS)));

if (options.has("--json")) {
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, bun: Bun.version, level: nativeStatus().cpu };
  console.log(JSON.stringify({ machine, rows }));
} else {
  for (const { parser, input, length, nanoseconds, ratio } of rows) {
    const times = Object.entries(nanoseconds).map(([name, time]) => `${name} ${String(time).padStart(5)}`);
    console.log(
      `${parser.padEnd(24)} ${input.padEnd(6)} ${String(length).padStart(5)} B   ${times.join("   ")}${ratio === undefined ? "" : `   ${ratio.toFixed(2)}x`}`,
    );
  }
}
