/** A local HTTP proxy that tunnels (CONNECT), as the proxies of companies do. */
import http, { type IncomingHttpHeaders } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

export interface SeenTunnel {
	/** `host:port`, as the client asked for it. */
	target: string;
	headers: IncomingHttpHeaders;
}

export class ProxyServer {
	readonly tunnels: SeenTunnel[] = [];

	/** Requests that came without a tunnel. */
	plainRequests = 0;

	private readonly sockets = new Set<Duplex>();

	private readonly server = http.createServer((_request, response) => {
		this.plainRequests++;
		response.writeHead(405).end();
	});

	/**
	 * @param behaviour `tunnel` connects through; `hang` never answers; a number refuses with that status
	 * @param destination where every tunnel leads, whatever the client asked for: names need not exist
	 */
	constructor(behaviour: 'tunnel' | 'hang' | number, destination?: string) {
		this.server.on('connect', ({ url: target = '', headers }, socket) => {
			this.tunnels.push({ target, headers });
			this.keep(socket);
			if (behaviour === 'hang') return;
			if (typeof behaviour === 'number') {
				socket.end(`HTTP/1.1 ${behaviour} Refused by the test\r\ncontent-length: 0\r\n\r\n`);
				return;
			}
			const { hostname, port } = new URL(destination ?? `http://${target}`);
			const onward = net.connect(Number(port || 80), hostname, () => {
				socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
				socket.pipe(onward).pipe(socket);
			});
			this.keep(onward);
			onward.on('close', () => socket.destroy());
			socket.on('close', () => onward.destroy());
		});
	}

	async listen() {
		await new Promise<void>((resolve, reject) => {
			this.server.once('error', reject).listen(0, '127.0.0.1', resolve);
		});
		return this;
	}

	/** `127.0.0.1:<port>` */
	get host() {
		return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	/** Ends at once, whatever is still open. */
	async close() {
		const closed = new Promise((resolve) => this.server.close(resolve));
		this.server.closeAllConnections();
		for (const socket of this.sockets) socket.destroy();
		await closed;
	}

	private keep(socket: Duplex) {
		this.sockets.add(socket);
		socket.on('close', () => this.sockets.delete(socket));
		// a side that goes away without goodbye is what some tests are about
		socket.on('error', () => socket.destroy());
	}
}
