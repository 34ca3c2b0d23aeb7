/** A server that speaks bytes: for connections and answers that no HTTP library lets one make. */
import net, { type AddressInfo, type Socket } from 'node:net';

/** What it does with one request. `count` is that of its connection, from 1. */
export type Serve = (socket: Socket, count: number) => void;

export class RawServer {
	/** Of all connections. */
	requests = 0;

	connections = 0;

	serve: Serve = (socket) => socket.end();

	/** What it does as soon as the first bytes of a request come. */
	onBytes: (socket: Socket, count: number) => unknown = () => {};

	private readonly sockets = new Set<Socket>();

	private readonly server = net.createServer((socket) => {
		this.connections++;
		this.sockets.add(socket);
		socket.on('close', () => this.sockets.delete(socket));
		// a reset, by either side, is what some tests are about
		socket.on('error', () => socket.destroy());
		let received = 0;
		let whole = Infinity;
		let count = 0;
		socket.on('data', (bytes) => {
			if (received === 0) this.onBytes(socket, count + 1);
			// the headers of these requests come in one piece
			if (received === 0) whole = lengthOf(bytes.toString('latin1'));
			received += bytes.length;
			if (received < whole) return;
			received = 0;
			this.requests++;
			this.serve(socket, ++count);
		});
	});

	async listen() {
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
		return this;
	}

	get url() {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	reset() {
		this.requests = 0;
		this.connections = 0;
	}

	async close() {
		for (const socket of this.sockets) socket.destroy();
		await new Promise((resolve) => this.server.close(resolve));
	}
}

/** Of a whole request, by the beginning of it. */
function lengthOf(beginning: string): number {
	const body = Number(/^content-length: (\d+)/im.exec(beginning)?.[1] ?? 0);
	return beginning.indexOf('\r\n\r\n') + 4 + body;
}

/** A whole answer of HTTP 200, after which the connection stays open. */
export function okBytes(body: unknown, headers = ''): string {
	const text = JSON.stringify(body);
	const length = Buffer.byteLength(text);
	return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n${headers}\r\n${text}`;
}
