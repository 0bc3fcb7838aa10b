/** A process with one member in the room `a`, that lives until it is killed. */
import { redisBroker, Sockets } from "../../../src/websocket/index.ts";
import { connect } from "../stand.ts";

const broker = redisBroker(process.argv[2] as string, { presenceTtl: 300 });
const sockets = new Sockets({ log: console.error, broker });
await sockets.start();
connect((socket) => (socket.join("a"), new Promise(() => {})), { sockets });
console.log("joined");
setInterval(() => {}, 1000);
