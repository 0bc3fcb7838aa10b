/** Somebody with an account. */
export interface Person {
  readonly id: number;
  readonly username: string;
  readonly password: string | null;
  readonly roles: readonly string[];
}

/** Cheap to verify: what is tested here is not the hash. */
const hashed = (password: string) => Bun.password.hash(password, { algorithm: "argon2id", memoryCost: 8, timeCost: 1 });

export const PEOPLE: readonly Person[] = [
  { id: 17, username: "ada", password: await hashed("correct horse"), roles: ["admin"] },
  { id: 18, username: "bob", password: await hashed("battery staple"), roles: [] },
  { id: 19, username: "carol", password: null, roles: [] },
  { id: 20, username: "dan", password: "!unusable", roles: [] },
  { id: 21, username: "eve", password: "$argon2id$broken", roles: [] },
];

export function findUser(username: string): Person | undefined {
  return PEOPLE.find((person) => person.username === username);
}

/** A POST with a JSON body to an api in this process. */
export async function send(
  api: { handle(request: Request): Response | Promise<Response> },
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown; headers: Headers }> {
  const response = await api.handle(
    new Request(`http://a${path}`, {
      method: "POST",
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text), headers: response.headers };
}
