import { Type } from "@sinclair/typebox";
import type {
  NumberOptions,
  SchemaOptions,
  StringOptions,
  TInteger,
  TNumber,
  TSchema,
  TString,
} from "@sinclair/typebox";
import { LONGEST_LANGUAGE_TAG } from "./codes.ts";
import { column, type ColumnOptions, type Flagged } from "./column.ts";
import { type Refine, withRefinement } from "./refine.ts";
import { ScalarTypes } from "./types.ts";
import type { Static } from "@sinclair/typebox";

type Text = StringOptions & ColumnOptions;
type Amount = NumberOptions & ColumnOptions;

/** What `t.Password` adds to a text: it never leaves. */
export interface Secret {
  readonly writeOnly: true;
}

/**
 * Texts and numbers of everyday forms, each by its standard. All take the options of `t.String` or `t.Number` and those of
 * columns; an option given replaces the type's own. What they check is in the document, as a pattern, a format or bounds.
 *
 * @example
 * const Shop = t.Object({ slug: t.Slug(), email: t.Email(), country: t.CountryCode(), lat: t.Latitude() });
 */
export class ConstrainedTypes extends ScalarTypes {
  /** A mailbox of RFC 5321, at most 254 characters: `ada@example.com`. Upper case stays as it is. */
  Email<const O extends Text = {}>(options?: O): Flagged<TString, NoInfer<O>> {
    return text({ format: "email", maxLength: 254 }, options);
  }

  /** Lower-case letters and digits in words that hyphens join, at most 100: unreserved in URLs (RFC 3986 section 2.3). */
  Slug<const O extends Text = {}>(options?: O): Flagged<TString, NoInfer<O>> {
    return text({ pattern: "^[a-z0-9]+(?:-[a-z0-9]+)*$", maxLength: 100 }, options);
  }

  /** An absolute `http` or `https` URL (RFC 3986, RFC 9110 section 4.2), at most 2,048 characters. */
  Url<const O extends Text = {}>(options?: O): Flagged<TString, NoInfer<O>> {
    return text({ format: "uri", pattern: "^[Hh][Tt][Tt][Pp][Ss]?://", maxLength: 2048 }, options);
  }

  /** 3 to 32 letters, digits, `.`, `_` and `-`, the first no `-` or `.`: a user name of POSIX (IEEE 1003.1, 3.437). */
  Username<const O extends Text = {}>(options?: O): Flagged<TString, NoInfer<O>> {
    return text({ pattern: "^[A-Za-z0-9_][A-Za-z0-9._-]*$", minLength: 3, maxLength: 32 }, options);
  }

  /**
   * 8 to 128 characters of any kind, `writeOnly`: NIST SP 800-63B 5.1.1.2 asks for 8 or more, takes 64 and forbids rules of
   * composition. Hash it before it is kept (`password.hash`).
   */
  Password<const O extends Text = {}>(options?: O): Flagged<TString, NoInfer<O>> & Secret {
    const own = { format: "password", minLength: 8, maxLength: 128, writeOnly: true };
    return text(own, options) as Flagged<TString, NoInfer<O>> & Secret;
  }

  /** A number of ITU-T E.164 with its `+`, at most 15 digits, nothing between them: `+41446681800`. */
  Phone<const O extends Text = {}>(options?: O): Flagged<TString, NoInfer<O>> {
    return text({ pattern: "^\\+[1-9][0-9]{1,14}$", maxLength: 16 }, options);
  }

  /** Degrees north of the equator, -90 to 90 (WGS 84, as RFC 7946 has them). */
  Latitude<const O extends Amount = {}>(options?: O): Flagged<TNumber, NoInfer<O>> {
    return amount({ minimum: -90, maximum: 90 }, options);
  }

  /** Degrees east of the prime meridian, -180 to 180 (WGS 84, as RFC 7946 has them). */
  Longitude<const O extends Amount = {}>(options?: O): Flagged<TNumber, NoInfer<O>> {
    return amount({ minimum: -180, maximum: 180 }, options);
  }

  /** An alphabetic code of ISO 4217, in capitals: `CHF`. */
  CurrencyCode<const O extends Text = {}>(options?: O): Flagged<TString, NoInfer<O>> {
    return text({ pattern: "^[A-Z]{3}$", format: "currency-code", maxLength: 3 }, options);
  }

  /** An assigned alpha-2 code of ISO 3166-1, in capitals: `CH`. */
  CountryCode<const O extends Text = {}>(options?: O): Flagged<TString, NoInfer<O>> {
    return text({ pattern: "^[A-Z]{2}$", format: "country-code", maxLength: 2 }, options);
  }

  /** A well-formed language tag of RFC 5646 (BCP 47), at most 35 characters: `en`, `pt-BR`, `zh-Hant`. */
  LanguageCode<const O extends Text = {}>(options?: O): Flagged<TString, NoInfer<O>> {
    const pattern = "^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$";
    return text({ pattern, format: "language-tag", maxLength: LONGEST_LANGUAGE_TAG }, options);
  }

  /** A name of the IANA time zone database (RFC 6557) in its own spelling: `Europe/Zurich`, `UTC`. */
  TimeZone<const O extends Text = {}>(options?: O): Flagged<TString, NoInfer<O>> {
    const pattern = "^[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*$";
    return text({ pattern, format: "time-zone", maxLength: 64 }, options);
  }

  /** A colour of 3, 4, 6 or 8 hexadecimal digits (CSS Color 4, section 5.2): `#0af`, `#00aaffcc`. */
  HexColor<const O extends Text = {}>(options?: O): Flagged<TString, NoInfer<O>> {
    return text({ pattern: "^#(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$", maxLength: 9 }, options);
  }

  /** An address of IPv4 (RFC 3986, `IPv4address`) or IPv6 (RFC 4291 section 2.2); `version` takes one of them alone. */
  IpAddress<const O extends Text & { version?: 4 | 6 } = {}>(options?: O): Flagged<TString, NoInfer<O>> {
    const { version, ...rest } = (options ?? {}) as Text & { version?: 4 | 6 };
    const format = version === undefined ? "ip" : `ipv${version}`;
    return text({ format, maxLength: 45 }, rest as O);
  }

  /** A host name of RFC 1123 section 2.1, at most 253 characters: `db-1.example.com`. */
  Hostname<const O extends Text = {}>(options?: O): Flagged<TString, NoInfer<O>> {
    return text({ format: "hostname", maxLength: 253 }, options);
  }

  /** A port of TCP or UDP that can be addressed, 1 to 65535 (RFC 6335 section 6). */
  Port<const O extends Amount = {}>(options?: O): Flagged<TInteger, NoInfer<O>> {
    return whole({ minimum: 1, maximum: 65_535 }, options);
  }

  /** A text that is more than blanks. */
  NonEmpty<const O extends Text = {}>(options?: O): Flagged<TString, NoInfer<O>> {
    return text({ pattern: "\\S", minLength: 1 }, options);
  }

  /** A number above 0. */
  Positive<const O extends Amount = {}>(options?: O): Flagged<TNumber, NoInfer<O>> {
    return amount({ exclusiveMinimum: 0 }, options);
  }

  /** A number of 0 or more. */
  NonNegative<const O extends Amount = {}>(options?: O): Flagged<TNumber, NoInfer<O>> {
    return amount({ minimum: 0 }, options);
  }

  /** A whole number of 1 or more. */
  PositiveInteger<const O extends Amount = {}>(options?: O): Flagged<TInteger, NoInfer<O>> {
    return whole({ minimum: 1 }, options);
  }

  /** A whole number of 0 or more. */
  NonNegativeInteger<const O extends Amount = {}>(options?: O): Flagged<TInteger, NoInfer<O>> {
    return whole({ minimum: 0 }, options);
  }

  /** 0 to 100, fractions too. */
  Percentage<const O extends Amount = {}>(options?: O): Flagged<TNumber, NoInfer<O>> {
    return amount({ minimum: 0, maximum: 100 }, options);
  }

  /**
   * The given type with a check of your own, which runs after the type's, on the decoded value of a request: it returns what
   * is wrong as a text, or nothing. On an object, `{ loc: ["end"], msg: "…" }` names the place. Answers are not checked by it.
   *
   * @example
   * t.Refine(t.Email(), (email) => (email.endsWith("@example.com") ? undefined : "Expected a company address"));
   */
  Refine<T extends TSchema>(schema: T, check: Refine<Static<T>>): T {
    return withRefinement(schema, check);
  }
}

function text<O extends SchemaOptions & ColumnOptions>(
  own: StringOptions,
  options: O | undefined,
): Flagged<TString, NoInfer<O>> {
  return column((rest) => Type.String({ ...own, ...rest }), options);
}

function amount<O extends SchemaOptions & ColumnOptions>(
  own: NumberOptions,
  options: O | undefined,
): Flagged<TNumber, NoInfer<O>> {
  return column((rest) => Type.Number({ ...own, ...rest }), options);
}

function whole<O extends SchemaOptions & ColumnOptions>(
  own: NumberOptions,
  options: O | undefined,
): Flagged<TInteger, NoInfer<O>> {
  return column((rest) => Type.Integer({ ...own, ...rest }), options);
}
