/**
 * TLS in front of a plain local server. The certificate is self-signed, for localhost and 127.0.0.1, valid
 * from 2020 to 2120 and of no use anywhere else.
 */
import { readFileSync } from 'node:fs';
import net, { type AddressInfo, type Socket } from 'node:net';
import path from 'node:path';
import tls from 'node:tls';

/** As NODE_EXTRA_CA_CERTS wants it: a file. */
export const CERTIFICATE_FILE = path.join(__dirname, 'tls', 'certificate.pem');

const KEY_FILE = path.join(__dirname, 'tls', 'key.pem');

export interface TlsServer {
	/** On `localhost`, without a path. */
	url: string;
	port: number;
	close(): Promise<void>;
}

/**
 * Decrypts, and hands everything on.
 * @param destination the URL of a plain server
 */
export async function startTlsServer(destination: string): Promise<TlsServer> {
	const { hostname, port: destinationPort } = new URL(destination);
	const sockets = new Set<Socket>();
	const keep = (socket: Socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
	};
	const server = tls.createServer(
		{ key: readFileSync(KEY_FILE), cert: readFileSync(CERTIFICATE_FILE) },
		(socket) => {
			const onward = net.connect(Number(destinationPort), hostname);
			keep(socket);
			keep(onward);
			socket.pipe(onward).pipe(socket);
			socket.on('close', () => onward.destroy());
			onward.on('close', () => socket.destroy());
		},
	);
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject).listen(0, '127.0.0.1', resolve);
	});
	const { port } = server.address() as AddressInfo;
	return {
		url: `https://localhost:${port}`,
		port,
		async close() {
			const closed = new Promise((resolve) => server.close(resolve));
			for (const socket of sockets) socket.destroy();
			await closed;
		},
	};
}
