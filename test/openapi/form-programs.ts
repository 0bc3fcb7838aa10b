import { Api, t } from "bolide";

/** Forms and files, for generated clients. */
export const api = new Api({ title: "Forms", openapi: { pages: false } });

api.post(
  "/notes",
  {
    form: { title: t.String(), tags: t.Array(t.String()), stars: t.Optional(t.Integer({ maximum: 5 })) },
    response: t.Object({ title: t.String(), tags: t.Array(t.String()), type: t.String() }),
  },
  ({ form, request }) => ({ ...form, type: request.headers.get("content-type")!.split(";", 1)[0]! }),
);
api.post(
  "/uploads",
  {
    form: { title: t.String() },
    files: { photo: t.File({ types: ["image/*"] }), pages: t.Files() },
    response: t.Object({ title: t.String(), photo: t.String(), pages: t.Array(t.Integer()) }),
  },
  ({ form, files: { photo, pages } }) => ({
    title: form.title,
    photo: `${photo.filename} ${photo.contentType}`,
    pages: pages.map(({ size }) => size),
  }),
);

/** What both programs come back with. */
export const OUTCOME = {
  note: { title: "a b", tags: ["x", "y"], type: "application/x-www-form-urlencoded" },
  upload: { title: "T", photo: "a.png image/png", pages: [1, 2] },
  wrong: ["file_invalid_content_type"],
};

/** A program by the client that openapi-typescript types; it takes a binary text for a string, and the form is the program's to write. */
export const OPENAPI_FETCH = `
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.ts";

function written(body: Record<string, unknown>, form: FormData | URLSearchParams): FormData | URLSearchParams {
  for (const [name, value] of Object.entries(body))
    for (const one of Array.isArray(value) ? value : [value])
      if (form instanceof FormData) form.append(name, one as Blob);
      else form.append(name, String(one));
  return form;
}

const file = (text: string, name: string, type: string) => new File([text], name, { type }) as unknown as string;

export async function talk(baseUrl: string) {
  const client = createClient<paths>({ baseUrl });
  const urlencoded = (body: object) => written({ ...body }, new URLSearchParams());
  const multipart = (body: object) => written({ ...body }, new FormData());
  const note = await client.POST("/notes", {
    body: { title: "a b", tags: ["x", "y"] },
    bodySerializer: urlencoded,
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  const pages = [file("1", "1.txt", "text/plain"), file("22", "2.txt", "text/plain")];
  const upload = await client.POST("/uploads", {
    body: { title: "T", photo: file("p", "a.png", "image/png"), pages },
    bodySerializer: multipart,
  });
  const wrong = await client.POST("/uploads", {
    body: { title: "T", photo: file("p", "a.pdf", "application/pdf"), pages },
    bodySerializer: multipart,
  });
  const told = wrong.error as components["schemas"]["InvalidInput"];
  return { note: note.data, upload: upload.data, wrong: told.detail.map(({ type }) => type) };
}

export async function never(baseUrl: string) {
  const client = createClient<paths>({ baseUrl });
  // @ts-expect-error -- the photo is missing
  await client.POST("/uploads", { body: { title: "T", pages: [] } });
  // @ts-expect-error -- stars are a number
  await client.POST("/notes", { body: { title: "T", tags: [], stars: "5" } });
}
`;

/** The same by the client that @hey-api/openapi-ts writes, which writes the forms as well. */
export const HEY_API = `
import { postNotes, postUploads } from "./hey/index.ts";
import { client } from "./hey/client.gen.ts";

export async function talk(baseUrl: string) {
  client.setConfig({ baseUrl });
  const note = await postNotes({ body: { title: "a b", tags: ["x", "y"] } });
  const pages = [new File(["1"], "1.txt"), new File(["22"], "2.txt")];
  const upload = await postUploads({ body: { title: "T", photo: new File(["p"], "a.png", { type: "image/png" }), pages } });
  const wrong = await postUploads({ body: { title: "T", photo: new File(["p"], "a.pdf", { type: "application/pdf" }), pages } });
  const told = wrong.error as { detail: { type: string }[] };
  return { note: note.data, upload: upload.data, wrong: told.detail.map(({ type }) => type) };
}

export async function never() {
  // @ts-expect-error -- the photo is missing
  await postUploads({ body: { title: "T", pages: [] } });
  // @ts-expect-error -- a file is no text
  await postUploads({ body: { title: "T", photo: "text", pages: [] } });
}
`;
