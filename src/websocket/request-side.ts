import type { SocketContext } from "./types.ts";

/** What a socket hands on of the request that opened it. */
export class RequestSide {
  readonly ctx: SocketContext;

  constructor(ctx: SocketContext) {
    this.ctx = ctx;
  }

  get params(): unknown {
    return this.ctx.params;
  }
  get query(): unknown {
    return this.ctx.query;
  }
  get headers(): unknown {
    return this.ctx.headers;
  }
  get cookies(): unknown {
    return this.ctx.cookies;
  }
  get user(): unknown {
    return this.ctx.user;
  }
  get session(): unknown {
    return this.ctx.session;
  }
  get state(): Record<string, unknown> {
    return this.ctx.state;
  }
  get url(): URL {
    return this.ctx.url;
  }
  get ip(): string | undefined {
    return this.ctx.ip;
  }
  get request(): Request {
    return this.ctx.request;
  }
}
