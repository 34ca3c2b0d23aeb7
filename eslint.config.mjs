import { configWithoutCloudSupport } from '@n8n/node-cli/eslint';

export default [
	...configWithoutCloudSupport,
	{ ignores: ['test/e2e/.output/', 'test/servers/.servers/', '.n8n/'] },
	{
		// not node code: it starts n8n, a registry and a browser, with keys that open nothing
		files: ['test/e2e/**', 'test/servers/software/**', 'scripts/n8n/**'],
		rules: {
			'@n8n/community-nodes/no-dangerous-functions': 'off',
			'@n8n/community-nodes/no-hardcoded-secrets': 'off',
			'@n8n/community-nodes/require-node-api-error': 'off',
		},
	},
];
