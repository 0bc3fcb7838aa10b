import { isStreamed } from "./stream.ts";

/** The answer to HEAD made from that to GET: the same status and headers, `Content-Length` included, and no body (RFC 9110 9.3.2). */
export async function bodiless(response: Response): Promise<Response> {
  if (response.body === null) return response;
  if (isStreamed(response)) {
    await response.body.cancel();
    return new Response(null, { status: response.status, headers: response.headers });
  }
  const headers = new Headers(response.headers);
  if (!headers.has("content-length") && !headers.has("transfer-encoding")) {
    headers.set("content-length", String((await response.arrayBuffer()).byteLength));
  }
  return new Response(null, { status: response.status, statusText: response.statusText, headers });
}
