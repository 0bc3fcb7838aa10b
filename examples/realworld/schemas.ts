import { type Static, t } from "bolide";
import { Article as ArticleModel, Comment as CommentModel, User as UserModel } from "./models.ts";

/** What the document says of each tag, in the order in which its pages show them. */
export const tags = [
  { name: "User and Authentication", description: "Who writes, and reads what they follow" },
  { name: "Profile", description: "Users as others see them" },
  { name: "Articles", description: "What there is to read" },
  { name: "Favorites", description: "Articles that one likes" },
  { name: "Comments", description: "What readers say of an article" },
  { name: "Tags", description: "Words to find articles by" },
];

const { username, email, bio, image } = UserModel.row.properties;
const { slug, title, description, body, createdAt, updatedAt } = ArticleModel.row.properties;
const password = t.String({ minLength: 1, maxLength: 1000 });

export const Profile = t.Object({ username, bio, image, following: t.Boolean() }, { $id: "Profile" });

export const User = t.Object({ email, token: t.String(), username, bio, image }, { $id: "User" });
export type User = Static<typeof User>;
export const NewUser = t.Object({ username, email, password }, { $id: "NewUser" });
export const LoginUser = t.Object({ email: t.String({ minLength: 1 }), password }, { $id: "LoginUser" });
export const UpdateUser = t.Partial(t.Object({ email, password, username, bio: t.String(), image: t.String() }), {
  $id: "UpdateUser",
});

/** In lists too: older editions of RealWorld's collection want `body` there, its document allows it. */
export const Article = t.Object(
  {
    slug,
    title,
    description,
    body,
    tagList: t.Array(t.String()),
    createdAt,
    updatedAt,
    favorited: t.Boolean(),
    favoritesCount: t.Integer(),
    author: Profile,
  },
  { $id: "Article" },
);
export const NewArticle = t.Object(
  {
    title,
    description,
    body,
    tagList: t.Array(t.String({ minLength: 1, maxLength: 100 }), { maxItems: 50, default: [] }),
  },
  { $id: "NewArticle" },
);
export const UpdateArticle = t.Partial(t.Object({ title, description, body }), { $id: "UpdateArticle" });

export const Comment = t.Object(
  { id: CommentModel.row.properties.id, createdAt, updatedAt, body, author: Profile },
  { $id: "Comment" },
);
export const NewComment = t.Object({ body }, { $id: "NewComment" });

export const UserAnswer = t.Object({ user: User });
export const ProfileAnswer = t.Object({ profile: Profile });
export const ArticleAnswer = t.Object({ article: Article });
export const ArticlesAnswer = t.Object({ articles: t.Array(Article), articlesCount: t.Integer() });
export const CommentAnswer = t.Object({ comment: Comment });
export const CommentsAnswer = t.Object({ comments: t.Array(Comment) });
export const TagsAnswer = t.Object({ tags: t.Array(t.String()) });
