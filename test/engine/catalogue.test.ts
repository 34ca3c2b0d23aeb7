/** What the control plane says of models, and when it is asked: never with a key that is not for it. */
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { type Answer, json } from '../support/answers';
import { runListSearch } from '../support/editor';
import { GRADIENT, NODE, useGradient } from '../support/gradientNode';
import { ProxyServer } from '../support/proxyServer';
import { models } from '../support/responses';
import { type TlsServer, startTlsServer } from '../support/tls';

const gradient = useGradient();

let tls: TlsServer;
let proxy: ProxyServer;
const before = process.env.HTTPS_PROXY;

/** All hosts lead to the server of these tests. */
beforeAll(async () => {
	tls = await startTlsServer(gradient.server.url);
	proxy = await new ProxyServer('tunnel', tls.url.replace('https', 'http')).listen();
	process.env.HTTPS_PROXY = `http://${proxy.host}`;
});
afterAll(async () => {
	if (before === undefined) delete process.env.HTTPS_PROXY;
	else process.env.HTTPS_PROXY = before;
	await proxy.close();
	await tls.close();
});
beforeEach(() => proxy.tunnels.splice(0));

const PERSONAL = 'dop_v1_0123456789abcdef';
const OWN_URL = 'https://inference.do-ai.run/v1';

const credential = (more: ICredentialDataDecryptedObject = {}) => ({
	apiKey: PERSONAL,
	baseUrl: OWN_URL,
	ignoreSslIssues: true,
	...more,
});

const FACTS = [
	{
		id: 'kimi-k2.6',
		context_window: '1000000',
		max_output_tokens: '32768',
		lifecycle_status: 'deprecated',
		modalities: { input: ['text', 'image'], output: ['text'] },
		pricing: { input: 0.6, output: 2.5 },
		reasoning_efforts: ['low', 'high'],
		endpoints: [{ endpoint: '/v1/responses', capabilities: ['tools'] }],
		uuid: 'not shown',
	},
	{ inference_name: 'deepseek-v4-pro', context_window: null, lifecycle_status: 'active' },
	{ id: 'not-listed' },
];

const answerWith = (catalogue: Answer) =>
	gradient.server.answer(({ path }) => (path.startsWith('/v2/') ? catalogue : undefined));

const names = async (own: ICredentialDataDecryptedObject) => {
	const { results } = await runListSearch({
		loader: gradient.loader,
		nodeType: GRADIENT,
		method: 'searchModels',
		credentials: { gradientApi: own },
	});
	return results.map(({ name }) => name);
};

const getMany = async (own: ICredentialDataDecryptedObject) =>
	(
		await gradient.run(
			{ resource: 'model', operation: 'getMany', returnAll: true },
			{ credential: own },
		)
	).json(NODE);

const hosts = () => proxy.tunnels.map(({ target }) => target.replace(':443', '')).sort();
const asked = () => gradient.server.requests.map(({ path }) => path).sort();

test('With a personal access token, names have context and what is deprecated says so', async () => {
	answerWith(json({ models: FACTS }));
	expect((await names(credential())).slice(0, 2)).toEqual([
		'deepseek-v4-pro · digitalocean · 87k',
		'kimi-k2.6 · digitalocean · 1M · deprecated',
	]);
	expect(hosts()).toEqual(['api.digitalocean.com', 'inference.do-ai.run']);
	expect(asked()).toEqual([
		'/v1/models',
		'/v2/gen-ai/models?usecases=MODEL_USECASE_SERVERLESS&per_page=200',
	]);
	for (const { headers } of gradient.server.requests) {
		expect(headers.authorization).toBe(`Bearer ${PERSONAL}`);
	}
});

test('Get Many has them as columns, beside what the inference API says', async () => {
	answerWith(json({ models: FACTS }));
	const rows = await getMany(credential());
	expect(rows).toHaveLength(models.data.length);
	expect(rows.find(({ id }) => id === 'kimi-k2.6')).toEqual({
		id: 'kimi-k2.6',
		object: 'model',
		created: 1752255238,
		owned_by: 'digitalocean',
		context_length: 262_144,
		context_window: 1_000_000,
		max_output_tokens: 32_768,
		lifecycle_status: 'deprecated',
		modalities: { input: ['text', 'image'], output: ['text'] },
		pricing: { input: 0.6, output: 2.5 },
		reasoning_efforts: ['low', 'high'],
		endpoints: [{ endpoint: '/v1/responses', capabilities: ['tools'] }],
	});
	expect(rows.find(({ id }) => id === 'router:balanced')).not.toHaveProperty('context_window');
});

describe('Nothing is asked of the control plane', () => {
	test.each<[string, ICredentialDataDecryptedObject]>([
		['with a model access key', { apiKey: 'sk-do-01234567' }],
		['with a key of the newer kind', { apiKey: 'doo_v1_01234' }],
		['with the token of a dedicated endpoint', { apiKey: 'di_0123456' }],
		['for another host', { baseUrl: 'https://gateway.example.com/v1' }],
		['for a path of that host', { baseUrl: 'https://inference.do-ai.run/other/v1' }],
		[
			'where the allowed domains do not have it',
			{ allowedHttpRequestDomains: 'domains', allowedDomains: 'example.com' },
		],
	])('%s', async (_, more) => {
		gradient.server.answer(json(models));
		expect((await names(credential(more))).length).toBe(models.data.length);
		expect(hosts()).not.toContain('api.digitalocean.com');
		expect(asked().filter((path) => path.startsWith('/v2/'))).toEqual([]);
	});

	test('but it is where the allowed domains have it', async () => {
		answerWith(json({ models: FACTS }));
		const domains = {
			allowedHttpRequestDomains: 'domains',
			allowedDomains: 'api.digitalocean.com',
		} as const;
		expect((await names(credential(domains)))[1]).toContain('deprecated');
	});
});

describe('The list is as it was', () => {
	const odd: Array<[string, Answer]> = [
		['an error', json({ id: 'unauthorized', message: 'No' }, { status: 401 })],
		['a rate limit', json({ id: 'too_many_requests' }, { status: 429 })],
		['a fault', { status: 500 }],
		['a web page', { status: 200, body: '<html></html>' }],
		['a redirect', { status: 302, headers: { location: 'https://evil.example' } }],
		['nothing', json({})],
		['no list', json({ models: 'many' })],
		['odd entries', json({ models: [null, 5, {}, { id: 7 }, { id: 'kimi-k2.6', pricing: null }] })],
	];
	test.each(odd)(
		'where the control plane answers with %s, and is asked once',
		async (_, answer) => {
			const plain = await names(credential({ apiKey: 'sk-do-01234567' }));
			gradient.server.requests.length = 0;
			answerWith(answer);
			expect(await names(credential())).toEqual(plain);
			expect(asked().filter((path) => path.startsWith('/v2/'))).toHaveLength(1);
		},
	);

	test('and so is a failure of the list itself', async () => {
		gradient.server.answer(({ path }) =>
			path.startsWith('/v2/') ? json({ models: FACTS }) : json({ message: 'No' }, { status: 401 }),
		);
		await expect(names(credential())).rejects.toThrow('No');
	});
});

test('The key is in nothing that comes of it', async () => {
	answerWith(json({ models: [{ id: 'kimi-k2.6', pricing: 'free' }] }));
	const rows: IDataObject[] = await getMany(credential());
	expect(JSON.stringify(rows)).not.toContain(PERSONAL);
});
