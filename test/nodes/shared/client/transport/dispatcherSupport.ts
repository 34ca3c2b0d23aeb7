import type { LookupFunction } from 'node:net';

import type { EgressFilter } from '../../../../../nodes/shared/client';
import { type TlsServer, startTlsServer } from '../../../../support/tls';
import type { Bench } from '../support';

/** The server of the bench behind a self-signed certificate, for the tests of one file. */
export function useTls(bench: Bench): { server: TlsServer } {
	const tls = {} as { server: TlsServer };
	beforeAll(async () => {
		tls.server = await startTlsServer(bench.server.url);
	});
	afterAll(async () => await tls.server.close());
	return tls;
}

/** Resolves the names that it is given, and refuses those in `refused`, by URL or by lookup. */
export class TestFilter implements EgressFilter {
	readonly checked: string[] = [];
	readonly lookedUp: string[] = [];

	constructor(
		private readonly addresses: Record<string, string> = {},
		private readonly refused: { urlHost?: string; lookup?: string } = {},
	) {}

	async validateUrl(url: URL) {
		this.checked.push(url.href);
		if (url.hostname !== this.refused.urlHost) return { ok: true as const };
		return { ok: false as const, error: blocked() };
	}

	createSecureLookup(): LookupFunction {
		return (hostname, options, callback) => {
			this.lookedUp.push(hostname);
			const address = this.addresses[hostname] ?? '';
			if (hostname === this.refused.lookup) callback(blocked(), '');
			else if (options.all) callback(null, [{ address, family: 4 }]);
			else callback(null, address, 4);
		};
	}
}

/** As n8n's filter makes it. */
const blocked = () =>
	Object.assign(
		new Error('The request was blocked because it resolves to a restricted IP address'),
		{
			name: 'SsrfBlockedIpError',
		},
	);
