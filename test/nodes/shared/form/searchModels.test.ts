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

test('The list has the whole catalogue, whatever a model is for, sorted by ID', async () => {
	const ids = models.data.map(({ id }) => id as string);
	expect(await valuesOf()).toEqual([...ids].sort((a, b) => a.localeCompare(b)));
	expect(await valuesOf()).toEqual(await valuesOf(''));
});

test('The list is asked for with the key of the credential', async () => {
	await search();
	expect(gradient.server.requests).toEqual([
		expect.objectContaining({ method: 'GET', path: '/v1/models' }),
	]);
	expect(gradient.server.requests[0].headers.authorization).toBe(`Bearer ${API_KEY}`);
});

test('An entry has the ID as its name, and says whose it is and how much it reads', async () => {
	expect(await search('kimi')).toEqual([
		{
			name: 'kimi-k2.6',
			value: 'kimi-k2.6',
			description: 'By digitalocean, context of 262,144 tokens',
		},
	]);
	expect((await search('balanced'))[0].description).toBe('By digitalocean');
});

test.each([
	['one word', 'gpt', ['openai-gpt-oss-120b', 'openai-gpt-oss-20b']],
	['several words in any order', '20b openai', ['openai-gpt-oss-120b', 'openai-gpt-oss-20b']],
	['capitals', 'KIMI', ['kimi-k2.6']],
	['blanks around it', '  kimi ', ['kimi-k2.6']],
	['what only the description says, which the editor does not show', '262,144', []],
	['a colon', 'router:', ['router:balanced']],
	['what no model has', 'claude', []],
])('Typing %s narrows the list', async (_, typed, expected) => {
	expect(await valuesOf(typed)).toEqual(expected);
});

test('Entries of odd shape are shown as far as they have an ID', async () => {
	const data = [{ id: 'b' }, {}, null, { id: '' }, { id: 'a', owned_by: 5, context_length: 'x' }];
	gradient.server.answer(json({ data }));
	expect(await search()).toEqual([
		{ name: 'a', value: 'a', description: '' },
		{ name: 'b', value: 'b', description: '' },
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
