import { type TSchema, Type as T } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";

/** What RealWorld's document (api/openapi.yml, version 1.1.0) says of answers, by operation and status. */

const Moment = T.RegExp(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const Profile = T.Object({ username: T.String(), bio: T.String(), image: T.String(), following: T.Boolean() });
const User = T.Object({
  email: T.String(),
  token: T.String({ minLength: 1 }),
  username: T.String(),
  bio: T.String(),
  image: T.String(),
});
const Listed = T.Object({
  slug: T.String(),
  title: T.String(),
  description: T.String(),
  tagList: T.Array(T.String()),
  createdAt: Moment,
  updatedAt: Moment,
  favorited: T.Boolean(),
  favoritesCount: T.Integer({ minimum: 0 }),
  author: Profile,
});
const Article = T.Composite([Listed, T.Object({ body: T.String() })]);
const Comment = T.Object({
  id: T.Integer(),
  createdAt: Moment,
  updatedAt: Moment,
  body: T.String(),
  author: Profile,
});

const UserAnswer = T.Object({ user: User });
const ProfileAnswer = T.Object({ profile: Profile });
const ArticleAnswer = T.Object({ article: Article });
const ArticlesAnswer = T.Object({ articles: T.Array(Listed), articlesCount: T.Integer({ minimum: 0 }) });
const Nothing = T.Undefined();

/** Errors of any status: the document has 422, and lets 401 be anything. */
const Refusal = T.Object({ errors: T.Object({ body: T.Array(T.String(), { minItems: 1 }) }) });

const OPERATIONS: readonly (readonly [operation: RegExp, status: number, schema: TSchema])[] = [
  [/^POST \/users$/, 201, UserAnswer],
  [/^POST \/users\/login$/, 200, UserAnswer],
  [/^(GET|PUT) \/user$/, 200, UserAnswer],
  [/^GET \/profiles\/[^/]+$/, 200, ProfileAnswer],
  [/^(POST|DELETE) \/profiles\/[^/]+\/follow$/, 200, ProfileAnswer],
  [/^GET \/articles(\/feed)?$/, 200, ArticlesAnswer],
  [/^POST \/articles$/, 201, ArticleAnswer],
  [/^(GET|PUT) \/articles\/[^/]+$/, 200, ArticleAnswer],
  [/^DELETE \/articles\/[^/]+$/, 204, Nothing],
  [/^(POST|DELETE) \/articles\/[^/]+\/favorite$/, 200, ArticleAnswer],
  [/^GET \/articles\/[^/]+\/comments$/, 200, T.Object({ comments: T.Array(Comment) })],
  [/^POST \/articles\/[^/]+\/comments$/, 200, T.Object({ comment: Comment })],
  [/^DELETE \/articles\/[^/]+\/comments\/[^/]+$/, 204, Nothing],
  [/^GET \/tags$/, 200, T.Object({ tags: T.Array(T.String()) })],
];

/** Where an answer is not what the document says; none of it where it fits. */
export function mismatch(method: string, path: string, status: number, body: unknown): string[] {
  const operation = `${method} ${path.replace(/\?.*/, "")}`;
  const known = OPERATIONS.find(([pattern]) => pattern.test(operation));
  if (status >= 400) return told(Refusal, body);
  if (known === undefined) return [`${operation} is not in the document`];
  const [, expected, schema] = known;
  return status === expected ? told(schema, body) : [`${operation} answers ${expected}, not ${status}`];
}

const told = (schema: TSchema, body: unknown): string[] =>
  [...Value.Errors(schema, body)].map(({ path, message }) => `${path}: ${message}`);
