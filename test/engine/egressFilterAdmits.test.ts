import { NODE, TEXT, useGradient } from '../support/gradientNode';
import { testIfHost } from '../support/host';

// n8n's protection against server-side request forgery, with what an administrator may admit
process.env.N8N_SSRF_PROTECTION_ENABLED = 'true';
process.env.N8N_SSRF_ALLOWED_HOSTNAMES = 'localhost';

const gradient = useGradient();

testIfHost('getSecureEgressFilter')(
	'A host that the administrator admits is reached, its address alone is not',
	async () => {
		const baseUrl = gradient.server.url.replace('127.0.0.1', 'localhost');
		const result = await gradient.run(TEXT, { credential: { baseUrl } });
		expect(result.json(NODE)[0].text).toBe('Echo: Hello');

		const { error } = await gradient.run(TEXT);
		expect(error?.message).toContain('server-side request forgery');
		expect(gradient.server.requests).toHaveLength(1);
	},
);
