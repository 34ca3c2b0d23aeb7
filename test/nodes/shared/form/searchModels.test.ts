import { json } from '../../../support/answers';
import { runListSearch } from '../../../support/editor';
import { errorBodies } from '../../../support/errorBodies';
import { API_KEY, GRADIENT, useGradient } from '../../../support/gradientNode';
import { models } from '../../../support/responses';

const gradient = useGradient();

const search = async (filter?: string) => {
	const { results } = await runListSearch({
		loader: gradient.loader,
		nodeType: GRADIENT,
		method: 'searchModels',
		credentials: { gradientApi: gradient.credential },
		filter,
	});
	return results;
};

const valuesOf = async (filter?: string) => (await search(filter)).map(({ value }) => value);

test('The list has the whole catalogue: text first, then routers, then what writes no text', async () => {
	expect(await valuesOf()).toEqual([
		'deepseek-v4-pro',
		'kimi-k2.6',
		'llama3.3-70b-instruct',
		'openai-gpt-oss-120b',
		'openai-gpt-oss-20b',
		'router:balanced',
		'qwen3-embedding-0.6b',
		'stable-diffusion-3.5-large',
	]);
	expect((await valuesOf()).sort()).toEqual(models.data.map(({ id }) => id).sort());
	expect(await valuesOf()).toEqual(await valuesOf(''));
});

test('The list is asked for with the key of the credential', async () => {
	await search();
	expect(gradient.server.requests).toEqual([
		expect.objectContaining({ method: 'GET', path: '/v1/models' }),
	]);
	expect(gradient.server.requests[0].headers.authorization).toBe(`Bearer ${API_KEY}`);
});

test('An entry has in its name all that there is to see: whose it is, how much it reads, what it is', async () => {
	expect((await search()).map(({ name }) => name)).toEqual([
		'deepseek-v4-pro · digitalocean · 87k',
		'kimi-k2.6 · digitalocean · 262k',
		'llama3.3-70b-instruct · digitalocean · 128k',
		'openai-gpt-oss-120b · digitalocean · 131k',
		'openai-gpt-oss-20b · digitalocean · 131k',
		'router:balanced · digitalocean · router',
		'qwen3-embedding-0.6b · digitalocean · embedding · 8k',
		'stable-diffusion-3.5-large · digitalocean · image',
	]);
});

test.each<[string, object, string]>([
	['what it writes', { id: 'x', modalities: { input: ['text', 'image'], output: ['text'] } }, 'x'],
	['what it writes', { id: 'x', modalities: { input: ['text'], output: ['image'] } }, 'x · image'],
	['its endpoint', { id: 'x', endpoints: [{ endpoint: '/v1/audio/speech' }] }, 'x · audio'],
	['its endpoint', { id: 'x', endpoints: ['/v1/embeddings'] }, 'x · embedding'],
	[
		'its endpoint, against its name',
		{ id: 'image-critic', endpoints: ['/v1/responses', '/v1/chat/completions'] },
		'image-critic',
	],
	['its type', { id: 'x', type: 'embedding' }, 'x · embedding'],
	['its name', { id: 'bge-reranker-v2' }, 'bge-reranker-v2 · reranking'],
	['its name', { id: 'openai/gpt-image-1' }, 'openai/gpt-image-1 · image'],
	['its name', { id: 'fal-ai/elevenlabs/tts' }, 'fal-ai/elevenlabs/tts · audio'],
	['nothing', { id: 'qwen3-coder-flash' }, 'qwen3-coder-flash'],
])('An entry is known by %s: %j', async (_, entry, name) => {
	gradient.server.answer(json({ data: [entry] }));
	expect((await search())[0].name).toBe(name);
});

test.each([
	['one word', 'gpt', ['openai-gpt-oss-120b', 'openai-gpt-oss-20b']],
	['several words in any order', '20b openai', ['openai-gpt-oss-120b', 'openai-gpt-oss-20b']],
	['capitals', 'KIMI', ['kimi-k2.6']],
	['blanks around it', '  kimi ', ['kimi-k2.6']],
	['the context', '262k', ['kimi-k2.6']],
	['what it is', 'embedding', ['qwen3-embedding-0.6b']],
	['a colon', 'router:', ['router:balanced']],
	['what no model has', 'claude', []],
])('Typing %s narrows the list', async (_, typed, expected) => {
	expect(await valuesOf(typed)).toEqual(expected);
});

test('Entries of odd shape are shown as far as they have an ID', async () => {
	const data = [{ id: 'b' }, {}, null, { id: '' }, { id: 'a', owned_by: 5, context_length: 'x' }];
	gradient.server.answer(json({ data }));
	expect(await search()).toEqual([
		{ name: 'a', value: 'a' },
		{ name: 'b', value: 'b' },
	]);
});

test('An empty catalogue gives an empty list', async () => {
	gradient.server.answer(json({ object: 'list', data: [] }));
	expect(await search()).toEqual([]);
});

test.each([
	['a wrong key', errorBodies.unauthorized, 'Unable to authenticate you.'],
	['a wrong base URL', errorBodies.maintenance404, 'web page: DigitalOcean - Maintenance'],
	['HTML of status 200', errorBodies.maintenance200, 'The answer is not JSON'],
	['JSON without a list', json({ object: 'list' }), 'without a list of models'],
])('A list that fails by %s says why', async (_, answer, words) => {
	gradient.server.answer(answer);
	await expect(search()).rejects.toThrow(words);
});

test('A list that fails says what to do', async () => {
	gradient.server.answer(errorBodies.unauthorized);
	await expect(search()).rejects.toMatchObject({
		name: 'NodeApiError',
		httpCode: '401',
		description: expect.stringContaining("Check 'Model Access Key'") as string,
	});
});
