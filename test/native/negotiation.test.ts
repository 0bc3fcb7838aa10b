import { describe, expect, test } from "bun:test";
import {
  encodingNegotiator,
  HeaderFault,
  negotiateEncoding,
  negotiateType,
  parseAccept,
  parseAcceptEncoding,
  typeNegotiator,
} from "../../src/native/index.ts";
import {
  nativeEncodingSelector,
  nativeTypeSelector,
  scriptEncodingSelector,
  scriptTypeSelector,
} from "../../src/native/negotiate.ts";
import { bothWays } from "./ways.ts";

const TYPES = ["application/json", "text/html"];
const [JSON_TYPE, HTML, NOTHING, BAD] = [0, 1, -1, -2];

const ACCEPT: readonly [header: string, choice: number][] = [
  ["", JSON_TYPE],
  [" , ,", JSON_TYPE],
  ["*/*", JSON_TYPE],
  ["text/html", HTML],
  ["text/*", HTML],
  ["TEXT/HTML", HTML],
  ["image/png", NOTHING],
  ["image/png, */*;q=0.1", JSON_TYPE],
  ["text/html, */*;q=0.1", HTML],
  ["*/*, text/html", HTML],
  ["text/*, application/json", JSON_TYPE],
  ["text/html, application/json", HTML],
  ["text/html;q=0.9, application/json", JSON_TYPE],
  ["text/html;q=0, */*", JSON_TYPE],
  ["text/html;q=0.000", NOTHING],
  ["text/*;q=0, text/html", HTML],
  ["application/json;q=0.001", JSON_TYPE],
  ["text/html ; Q=1.000", HTML],
  ["text/html;level=1", NOTHING],
  ['text/html;level="1,text/html";q=1, application/json;q=0.2', JSON_TYPE],
  ["text/html;q=0.5;ext=1", HTML],
  ["text/html;", HTML],
  ["text/html;;q=0.5, application/json;q=0.4", HTML],
  [
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
    HTML,
  ],
  ["text", BAD],
  ["text/", BAD],
  ["/html", BAD],
  ["text/html json", BAD],
  ["text/html;q", BAD],
  ["text/html;q=", BAD],
  ["text/html;q=1.1", BAD],
  ["text/html;q=1.0001", BAD],
  ["text/html;q=.5", BAD],
  ["text/html;q=2", BAD],
  ["text/html;q=-1", BAD],
  ['text/html;a="', BAD],
  ['text/html;a="\\', BAD],
  ['text/html;a="\u0001"', BAD],
  ["text/html é", BAD],
];

const CODINGS = ["zstd", "br", "gzip"];
const [ZSTD, BR, GZIP, IDENTITY] = [0, 1, 2, 3];

const ENCODING: readonly [header: string, choice: number][] = [
  ["", IDENTITY],
  ["gzip", GZIP],
  ["GZip", GZIP],
  ["gzip, deflate, br, zstd", ZSTD],
  ["gzip, deflate, br", BR],
  ["deflate", IDENTITY],
  ["identity", IDENTITY],
  ["gzip;q=1.0, br;q=0.9", GZIP],
  ["gzip;q=0.5", GZIP],
  ["gzip;q=0.5, identity", IDENTITY],
  ["gzip, identity", GZIP],
  ["*", ZSTD],
  ["*;q=0.5, gzip", GZIP],
  ["zstd;q=0, *", BR],
  ["*;q=0", NOTHING],
  ["identity;q=0", NOTHING],
  ["identity;q=0, br;q=0.1", BR],
  ["*;q=0, gzip", GZIP],
  ["*;q=0, identity;q=0.5", IDENTITY],
  ["gzip;q=0", IDENTITY],
  ["gzip;q=0.5, gzip;q=1, br;q=0.7", BR],
  ["gzip;level=9", BAD],
  ["gzip deflate", BAD],
  ["gzip;q=1.5", BAD],
  [";q=1", BAD],
];

describe("among application/json and text/html", () => {
  for (const [header, choice] of ACCEPT) {
    for (const { way, run } of bothWays(scriptTypeSelector(TYPES), nativeTypeSelector(TYPES))) {
      test(`Accept: ${header} chooses ${choice} (${way})`, () => expect(run(header)).toBe(choice));
    }
    test(`Accept: ${header} is answered with the chosen name`, () => {
      expect(typeNegotiator(TYPES)(header)).toBe(choice === NOTHING ? undefined : TYPES[Math.max(choice, 0)]);
    });
  }
});

describe("among zstd, br and gzip", () => {
  for (const [header, choice] of ENCODING) {
    for (const { way, run } of bothWays(scriptEncodingSelector(CODINGS), nativeEncodingSelector(CODINGS))) {
      test(`Accept-Encoding: ${header} chooses ${choice} (${way})`, () => expect(run(header)).toBe(choice));
    }
    test(`Accept-Encoding: ${header} is answered with the chosen name`, () => {
      expect(encodingNegotiator(CODINGS)(header)).toBe(
        choice === NOTHING ? undefined : (CODINGS[choice] ?? "identity"),
      );
    });
  }
});

test("an absent header takes the first type and no coding", () => {
  expect([negotiateType(null, TYPES), negotiateType(undefined, TYPES)]).toEqual([
    "application/json",
    "application/json",
  ]);
  expect([negotiateEncoding(null, CODINGS), negotiateEncoding(undefined, CODINGS)]).toEqual(["identity", "identity"]);
});

test("a type that is offered with parameters is matched by ranges with and without them", () => {
  const offered = ["text/html; level=1", "text/html; level=2", "application/json"];
  expect(negotiateType("text/html", offered)).toBe("text/html; level=1");
  expect(negotiateType("text/html;level=2, text/html;q=0.5", offered)).toBe("text/html; level=2");
  expect(negotiateType("text/html;level=3, application/*;q=0.1", offered)).toBe("application/json");
  expect(negotiateType("*/*;q=0.2, text/html;level=1;q=0", offered)).toBe("text/html; level=2");
  expect(negotiateType("image/png", offered)).toBeUndefined();
  expect(negotiateType("image", offered)).toBe("text/html; level=1");
});

test("a list that cannot be offered is refused when the negotiator is made", () => {
  expect(() => typeNegotiator(["json"])).toThrow(new TypeError('"json" is not a media type'));
  expect(() => encodingNegotiator(["g zip"])).toThrow(new TypeError('"g zip" cannot be the name of a content coding'));
});

test("Accept is read as a list, the best first", () => {
  const types = parseAccept('text/html;Level="1", */*;q=0.1, Application/JSON, text/plain;q=0.5');
  if (types instanceof HeaderFault) throw new Error(types.kind);
  expect(types.map(({ parameters, ...rest }) => ({ ...rest, parameters: { ...parameters } }))).toEqual([
    { type: "text", subtype: "html", quality: 1, parameters: { level: "1" } },
    { type: "application", subtype: "json", quality: 1, parameters: {} },
    { type: "text", subtype: "plain", quality: 0.5, parameters: {} },
    { type: "*", subtype: "*", quality: 0.1, parameters: {} },
  ]);
});

test("Accept-Encoding is read as a list, the best first", () => {
  expect(parseAcceptEncoding("gzip;q=0.8, *;q=0, Br")).toEqual([
    { coding: "br", quality: 1 },
    { coding: "gzip", quality: 0.8 },
    { coding: "*", quality: 0 },
  ]);
  expect(parseAcceptEncoding(" ")).toEqual([]);
});

test("a faulty list says where and how", () => {
  expect([
    parseAccept("text"),
    parseAccept("text/html, /"),
    parseAccept("a/b;q=7"),
    parseAccept("a/b;c"),
    parseAccept("a/b c/d"),
    parseAccept('a/b;c="'),
    parseAcceptEncoding("gzip, ="),
    parseAcceptEncoding("gzip ;level=1"),
  ]).toEqual([
    new HeaderFault("expected-slash", 4),
    new HeaderFault("expected-token", 11),
    new HeaderFault("invalid-quality", 6),
    new HeaderFault("expected-equals", 5),
    new HeaderFault("invalid-character", 4),
    new HeaderFault("unterminated-quote", 7),
    new HeaderFault("expected-token", 6),
    new HeaderFault("invalid-character", 5),
  ]);
});
