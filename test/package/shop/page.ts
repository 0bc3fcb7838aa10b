import { client } from "bolide/client";

const shop = client<typeof import("./api.ts")>("http://127.0.0.1:8000");

/** What a page does with the api: types only, no code of the server. */
export async function itemName(id: number): Promise<string | undefined> {
  const answer = await shop.at("/items/:id").get({ params: { id } });
  return answer.status === 200 ? answer.data.name : undefined;
}
