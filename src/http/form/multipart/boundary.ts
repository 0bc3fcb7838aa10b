import { HeaderFault, parseMediaType } from "../../../native/index.ts";

/** What makes a body no multipart form; `message` ends the sentence `Invalid multipart: …`. */
export class MultipartFault {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** `boundary` of RFC 2046 5.1.1: 1 to 70 characters, the last one no space. */
const BOUNDARY = /^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/;

/** The boundary that a content type names, quoted or not. */
export function boundaryOf(contentType: string): string | MultipartFault {
  const media = parseMediaType(contentType);
  if (media instanceof HeaderFault) return new MultipartFault("the content type is malformed");
  const boundary = media.parameters["boundary"];
  if (boundary === undefined) return new MultipartFault("the content type has no boundary");
  return BOUNDARY.test(boundary)
    ? boundary
    : new MultipartFault("the boundary is not 1 to 70 of the characters of RFC 2046");
}
