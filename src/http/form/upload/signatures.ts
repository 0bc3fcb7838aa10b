/** What the first bytes of a type's files are. */
export interface Signature {
  /** The essence of the type, in lower case. */
  readonly type: string;
  /** Other names of the same bytes, and types that are built on them; `*` stands for any run of characters. */
  readonly also: readonly string[];
  readonly matches: (bytes: Uint8Array) => boolean;
}

/** How much of a file is looked at: the resource header of WHATWG MIME Sniffing 5.2. */
export const HEADER_BYTES = 1_445;

/** Bytes in hexadecimal from the start, `..` for any. */
const pattern = (hex: string): Signature["matches"] => {
  const expected = hex.split(" ").map((byte) => (byte === ".." ? -1 : Number.parseInt(byte, 16)));
  return (bytes) => expected.every((byte, at) => (byte === -1 ? at < bytes.length : bytes[at] === byte));
};

/** ASCII from an offset. */
const ascii = (text: string, offset = 0): Signature["matches"] => {
  const expected = Buffer.from(text, "latin1");
  return (bytes) => expected.every((byte, at) => bytes[offset + at] === byte);
};

const sign = (type: string, matches: Signature["matches"], ...also: string[]): Signature => ({ type, also, matches });

const both =
  (one: Signature["matches"], other: Signature["matches"]): Signature["matches"] =>
  (bytes) =>
    one(bytes) && other(bytes);

/** Formats that are a ZIP archive with files of their own in it. */
const ZIPPED = [
  "application/x-zip-compressed",
  "application/vnd.openxmlformats-officedocument.*",
  "application/vnd.ms-*.macroenabled.12",
  "application/vnd.oasis.opendocument.*",
  "application/*+zip",
  "application/java-archive",
  "application/vnd.android.package-archive",
  "application/vnd.apple.*",
];

/** The ISO base media format: what is in the box is told by its brands, and by no two programs alike. */
const BASE_MEDIA = [
  "audio/mp4",
  "audio/m4a",
  "audio/x-m4a",
  "video/x-m4v",
  "video/quicktime",
  "video/3gpp",
  "video/3gpp2",
  "image/avif",
  "image/heic",
  "image/heif",
];

/** The tables of WHATWG MIME Sniffing sections 6.1 to 6.4, and PDF and PostScript of 7.1; the first that matches counts. */
export const SIGNATURES: readonly Signature[] = [
  // 6.1 images
  sign("image/x-icon", pattern("00 00 01 00"), "image/vnd.microsoft.icon"),
  sign("image/x-icon", pattern("00 00 02 00"), "image/vnd.microsoft.icon"),
  sign("image/bmp", ascii("BM"), "image/x-ms-bmp"),
  sign("image/gif", ascii("GIF87a")),
  sign("image/gif", ascii("GIF89a")),
  sign("image/webp", both(ascii("RIFF"), ascii("WEBPVP", 8))),
  sign("image/png", pattern("89 50 4e 47 0d 0a 1a 0a"), "image/apng"),
  sign("image/jpeg", pattern("ff d8 ff"), "image/jpg", "image/pjpeg"),
  // 6.2 audio and video
  sign("audio/aiff", both(ascii("FORM"), ascii("AIFF", 8)), "audio/x-aiff"),
  sign("audio/mpeg", ascii("ID3"), "audio/mp3", "audio/x-mp3"),
  sign("application/ogg", pattern("4f 67 67 53 00"), "audio/ogg", "video/ogg", "audio/opus", "audio/vorbis"),
  sign("audio/midi", pattern("4d 54 68 64 00 00 00 06"), "audio/mid", "audio/x-midi"),
  sign("video/avi", both(ascii("RIFF"), ascii("AVI ", 8)), "video/x-msvideo", "video/msvideo"),
  sign("audio/wave", both(ascii("RIFF"), ascii("WAVE", 8)), "audio/wav", "audio/x-wav", "audio/vnd.wave"),
  sign("video/mp4", ascii("ftyp", 4), ...BASE_MEDIA),
  sign("video/webm", pattern("1a 45 df a3"), "audio/webm", "video/x-matroska", "audio/x-matroska", "video/matroska"),
  // 6.2.3, shortened to the sync and the layer of the first frame
  sign("audio/mpeg", (bytes) => bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe6) === 0xe2, "audio/mp3", "audio/x-mp3"),
  // 6.3 fonts
  sign("application/vnd.ms-fontobject", ascii("LP", 34)),
  sign("font/ttf", pattern("00 01 00 00"), "font/sfnt", "application/x-font-ttf", "application/font-sfnt"),
  sign("font/otf", ascii("OTTO"), "font/sfnt", "application/x-font-otf", "application/font-sfnt"),
  sign("font/collection", ascii("ttcf")),
  sign("font/woff", ascii("wOFF"), "application/font-woff"),
  sign("font/woff2", ascii("wOF2"), "application/font-woff2"),
  // 6.4 archives
  sign("application/gzip", pattern("1f 8b 08"), "application/x-gzip", "application/x-tgz", "image/svg+xml-compressed"),
  sign("application/zip", pattern("50 4b 03 04"), ...ZIPPED),
  sign("application/vnd.rar", pattern("52 61 72 20 1a 07 00"), "application/x-rar-compressed"),
  sign("application/vnd.rar", pattern("52 61 72 21 1a 07 00"), "application/x-rar-compressed"),
  sign("application/vnd.rar", pattern("52 61 72 21 1a 07 01 00"), "application/x-rar-compressed"),
  // 7.1
  sign("application/pdf", ascii("%PDF-"), "application/x-pdf"),
  sign("application/postscript", ascii("%!PS-Adobe-")),
];
