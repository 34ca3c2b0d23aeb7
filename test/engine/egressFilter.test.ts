import { GRADIENT, TEXT, useGradient } from '../support/gradientNode';
import { runListSearch } from '../support/editor';
import { describeIfHost } from '../support/host';

// n8n's protection against server-side request forgery, as an administrator switches it on
process.env.N8N_SSRF_PROTECTION_ENABLED = 'true';

const gradient = useGradient();

const withHost = (host: string) => gradient.server.url.replace('127.0.0.1', host);

describeIfHost('getSecureEgressFilter')(
	"n8n's protection against server-side request forgery",
	() => {
		test.each([
			['an address of this machine, which is never looked up', '127.0.0.1'],
			['a name that leads to an address of this machine', 'localhost'],
		])('Nothing is sent to %s', async (_, host) => {
			const { error } = await gradient.run(TEXT, { credential: { baseUrl: withHost(host) } });
			expect(error?.message).toContain(
				"n8n's protection against server-side request forgery refuses",
			);
			expect(error?.name).toBe('NodeOperationError');
			expect(gradient.server.requests).toEqual([]);
			expect(gradient.server.connectionsOpened).toBe(0);
		});

		test('The list of models is behind the protection too', async () => {
			const search = runListSearch({
				loader: gradient.loader,
				nodeType: GRADIENT,
				method: 'searchModels',
				credentials: { gradientApi: gradient.credential },
			});
			await expect(search).rejects.toThrow('server-side request forgery');
			expect(gradient.server.requests).toEqual([]);
		});
	},
);
