import { expect, test } from "bun:test";
import { sniff } from "../../../src/http/form/upload/sniff.ts";

/** The first bytes of files as programs write them, the type they are known by, and other types that they may be declared as. */
const FILES: readonly (readonly [bytes: string, type: string, also?: readonly string[]])[] = [
  ["\x00\x00\x01\x00\x01\x00", "image/x-icon", ["image/vnd.microsoft.icon"]],
  ["\x00\x00\x02\x00\x01\x00", "image/x-icon"],
  ["BM\x36\x00", "image/bmp"],
  ["GIF87a\x01", "image/gif"],
  ["GIF89a\x01", "image/gif"],
  ["RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp"],
  ["\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png", ["image/apng"]],
  ["\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg", ["image/jpg"]],
  ["FORM\0\0\0\0AIFF", "audio/aiff"],
  ["ID3\x04\0", "audio/mpeg", ["audio/mp3"]],
  ["\xff\xfb\x90\x64", "audio/mpeg", ["audio/mp3"]],
  ["OggS\0\x02", "application/ogg", ["audio/ogg", "video/ogg"]],
  ["MThd\0\0\0\x06\0\x01", "audio/midi"],
  ["RIFF\x24\x00\x00\x00AVI LIST", "video/avi", ["video/x-msvideo"]],
  ["RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wave", ["audio/wav", "audio/x-wav"]],
  ["\0\0\0\x20ftypisom\0\0\x02\0isomiso2mp41", "video/mp4", ["audio/mp4", "image/avif", "image/heic"]],
  ["\x1aE\xdf\xa3\x01", "video/webm", ["audio/webm", "video/x-matroska"]],
  ["\0\x01\0\0\0\x0f", "font/ttf"],
  ["OTTO\0\x0b", "font/otf"],
  ["ttcf\0\x01", "font/collection"],
  ["wOFF\0\x01", "font/woff", ["application/font-woff"]],
  ["wOF2\0\x01", "font/woff2"],
  [`${"\x01".repeat(34)}LP\0`, "application/vnd.ms-fontobject"],
  ["\x1f\x8b\x08\0", "application/gzip", ["application/x-gzip"]],
  [
    "PK\x03\x04\x14\0",
    "application/zip",
    [
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
      "application/vnd.oasis.opendocument.text",
      "application/epub+zip",
    ],
  ],
  ["Rar!\x1a\x07\0", "application/vnd.rar"],
  ["Rar!\x1a\x07\x01\0", "application/vnd.rar"],
  ["%PDF-1.7\n", "application/pdf"],
  ["%!PS-Adobe-3.0", "application/postscript"],
];

const bytesOf = (latin1: string): Uint8Array => Buffer.from(latin1, "latin1");

/** Every name of a type. */
const namesOf = (type: string): string[] => [
  type,
  ...FILES.flatMap(([, other, also = []]) => (other === type ? also : [])),
];

test.each(FILES)("%j is %s, and nothing else", (bytes, type) => {
  const own = namesOf(type);
  const others = FILES.flatMap(([, other]) => namesOf(other)).filter((name) => !own.includes(name));
  for (const name of own) expect([name, sniff(bytesOf(bytes), name)]).toEqual([name, undefined]);
  for (const name of others) expect([name, sniff(bytesOf(bytes), name)]).toEqual([name, { type }]);
  expect(sniff(bytesOf(bytes), "application/octet-stream")).toBeUndefined();
  expect(sniff(bytesOf(bytes), "application/x-something-else")).toEqual({ type });
});

test("bytes of no known type are none of a known one, and any of another", () => {
  for (const [, type] of FILES) expect([type, sniff(bytesOf("abc\x01"), type)]).toEqual([type, { type: undefined }]);
  for (const [bytes, type] of FILES) {
    const cut = bytesOf(bytes).subarray(0, 1);
    expect([type, sniff(cut, type)]).toEqual([type, { type: undefined }]);
  }
  expect(sniff(bytesOf(""), "image/png")).toEqual({ type: undefined });
  expect(sniff(bytesOf("abc\x01"), "application/x-something-else")).toBeUndefined();
});

/** Types of texts, and what is none. */
const TEXTS = ["text/plain", "text/csv", "text/html", "application/json", "image/svg+xml", "application/ld+json"];

test.each(TEXTS)("%s has no binary bytes", (type) => {
  expect(sniff(bytesOf("<svg>\r\n\t\x1b[0m\f grüße</svg>"), type)).toBeUndefined();
  expect(sniff(bytesOf(""), type)).toBeUndefined();
  expect(sniff(bytesOf("\xff\xfea\0"), type)).toBeUndefined();
  expect(sniff(bytesOf("\xfe\xff\0a"), type)).toBeUndefined();
  for (const byte of ["\0", "\x08", "\x0b", "\x0e", "\x1a", "\x1c", "\x1f"]) {
    expect(sniff(bytesOf(`text${byte}`), type)).toEqual({ type: "application/octet-stream" });
  }
  expect(sniff(bytesOf("\x89PNG\r\n\x1a\n\0"), type)).toEqual({ type: "image/png" });
  expect(sniff(bytesOf(`${"a".repeat(1_445)}\0`), type)).toBeUndefined();
});
