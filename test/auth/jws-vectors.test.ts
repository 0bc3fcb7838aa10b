import { createPublicKey } from "node:crypto";
import { describe, expect, test } from "bun:test";
import { type JwsAlgorithm, JwsError, jwsVerify } from "../../src/auth/index.ts";
import { UNENCODED, UNSECURED, VECTORS } from "./jws-vectors.ts";

const HMAC = VECTORS.filter(({ key }) => key.kty === "oct");
const PUBLIC = VECTORS.filter(({ key }) => key.kty !== "oct");

describe("a printed JWS is verified", () => {
  test.each(HMAC.map((vector) => [vector.source, vector] as const))(
    "%s, at once",
    (_, { key, token, payload, algorithm }) => {
      const bytes = jwsVerify(token, key, { algorithms: [algorithm as JwsAlgorithm] });
      expect(bytes).toBeInstanceOf(Uint8Array);
      expect(new TextDecoder().decode(bytes as Uint8Array)).toBe(payload);
    },
  );

  test.each(PUBLIC.map((vector) => [vector.source, vector] as const))("%s", async (_, { key, token, payload }) => {
    const promise = jwsVerify(token, key);
    expect(promise).toBeInstanceOf(Promise);
    expect(new TextDecoder().decode(await promise)).toBe(payload);
  });

  test.each(PUBLIC.map((vector) => [vector.source, vector] as const))(
    "%s, by its key as PEM",
    async (_, { key, token, payload }) => {
      const pem = createPublicKey({ key: key as never, format: "jwk" }).export({
        type: "spki",
        format: "pem",
      }) as string;
      expect(new TextDecoder().decode(await jwsVerify(token, pem))).toBe(payload);
    },
  );
});

describe("a printed JWS is refused", () => {
  test.each(VECTORS.map((vector) => [vector.source, vector] as const))(
    "%s, once a bit of its signature differs",
    async (_, { key, token }) => {
      const [header, payload, signature = ""] = token.split(".");
      const bytes = Buffer.from(signature, "base64url");
      bytes[5]! ^= 1;
      await refused("signature", () => jwsVerify(`${header}.${payload}.${bytes.toString("base64url")}`, key));
    },
  );

  test("RFC 7515 A.5, which nobody has signed", async () => {
    for (const { key } of VECTORS) await refused("algorithm", () => jwsVerify(UNSECURED, key));
  });

  test("RFC 7797 4.2, whose payload is not encoded", async () => {
    for (const { key } of VECTORS) await refused("crit", () => jwsVerify(UNENCODED, key));
  });
});

async function refused(code: string, run: () => unknown): Promise<void> {
  let error: unknown;
  try {
    await run();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(JwsError);
  expect((error as JwsError).code).toBe(code as never);
}
