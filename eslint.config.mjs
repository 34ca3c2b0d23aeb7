import { configWithoutCloudSupport } from '@n8n/node-cli/eslint';

import { noCopyToAppend } from './scripts/noCopyToAppend.mjs';

const CLIENT = './nodes/shared/client';

/** The rooms of the client, from the ground up; those of one floor do not know each other. */
const CLIENT_FLOORS = [
	['schema'],
	['transport'],
	['pacing', 'response'],
	['stream', 'structured'],
	['http.ts'],
	['client.ts', 'index.ts'],
];

const inClient = (rooms) => rooms.map((room) => `${CLIENT}/${room}`);

const climbing = CLIENT_FLOORS.slice(0, -1).flatMap((rooms, floor) =>
	rooms.map((room) => ({
		target: `${CLIENT}/${room}`,
		from: inClient(
			CLIENT_FLOORS.slice(floor)
				.flat()
				.filter((other) => other !== room),
		),
		message:
			'An import within the client never climbs: schema, transport, pacing and response, stream and structured, http, client.',
	})),
);

const walls = [
	{
		target: './nodes/Gradient',
		from: './nodes/LmChatGradient',
		message: 'What both nodes stand on is in nodes/shared.',
	},
	{
		target: './nodes/LmChatGradient',
		from: './nodes/Gradient',
		message: 'What both nodes stand on is in nodes/shared.',
	},
	{
		target: './nodes/shared',
		from: ['./nodes/Gradient', './nodes/LmChatGradient'],
		message: 'nodes/shared knows no node.',
	},
	{
		target: './nodes/shared/host',
		from: './nodes/shared/form',
		message: 'The forms stand on the host.',
	},
	{
		target: CLIENT,
		from: [
			'./nodes/shared/host',
			'./nodes/shared/form',
			'./node_modules/n8n-workflow',
			'./node_modules/n8n-core',
			'./node_modules/@n8n',
		],
		message: 'The client knows nothing of n8n.',
	},
	{
		target: ['./nodes/Gradient/response', './nodes/Gradient/model'],
		from: ['./nodes/Gradient/Gradient.node.ts', './nodes/Gradient/router.ts'],
		message: 'The node stands on the router, and that on the operations.',
	},
	...climbing,
];

export default [
	...configWithoutCloudSupport,
	{
		ignores: ['test/e2e/.output/', 'test/servers/.servers/', 'test/mutation/.stryker/', '.n8n/'],
	},
	{
		files: ['nodes/**'],
		plugins: { own: { rules: { 'no-copy-to-append': noCopyToAppend } } },
		rules: {
			'import-x/no-restricted-paths': ['error', { zones: walls }],
			'own/no-copy-to-append': 'error',
		},
	},
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
