import tls, { type ConnectionOptions } from 'node:tls';

const connect = tls.connect;

/** From now on, what this process says to `host` over TLS goes to a port of this machine. */
export function redirectTls(host: string, port: number) {
	tls.connect = ((options: ConnectionOptions, ...rest: []) =>
		options.host === host
			? // the server's certificate is for localhost
				connect({ ...options, host: '127.0.0.1', port, servername: 'localhost' }, ...rest)
			: connect(options, ...rest)) as typeof connect;
}
