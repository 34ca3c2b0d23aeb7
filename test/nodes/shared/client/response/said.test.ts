/** What an answer holds beside its text: commentary, sources, searches, and what has no place. */
import { readResponse } from '../../../../../nodes/shared/client/response/response';
import { addSearches } from '../../../../../nodes/shared/client/response/searches';
import { functionCall, message, reasoning, responseOf } from '../../../../support/responses';

const read = (...output: Array<Parameters<typeof responseOf>[0][number]>) =>
	readResponse(responseOf(output));

const said = (text: string, phase: string) => message(text, { phase });

describe('Commentary', () => {
	test('is apart from the text', () => {
		const output = [said("I'll look that up.", 'commentary'), said('21 °C.', 'final_answer')];
		expect(read(...output)).toMatchObject({ text: '21 °C.', commentary: "I'll look that up." });
	});

	test('of several messages has an empty line between them', () => {
		const output = [
			said('First this.', 'commentary'),
			said('', 'commentary'),
			said('Now that.\n', 'commentary'),
			said('21 ', 'final_answer'),
			said('°C.', 'final_answer'),
		];
		expect(read(...output)).toMatchObject({
			text: '21 °C.',
			commentary: 'First this.\n\nNow that.\n',
			spoken: 'First this.\n\nNow that.\n\n\n21 °C.',
		});
	});

	test('goes on where only blanks stand in between', () => {
		const output = [said('One.', 'commentary'), message('\n'), message('Two.')];
		expect(read(...output)).toMatchObject({ text: 'Two.', spoken: 'One.\n\n\nTwo.' });
	});

	test('is the text where there is nothing else', () => {
		const { text, commentary } = read(said('One.', 'commentary'), said('Two.', 'commentary'));
		expect([text, commentary]).toEqual(['One.\n\nTwo.', undefined]);
		const blank = [said('One.', 'commentary'), message('\n')];
		expect(read(...blank).text.trim()).toBe('One.');
		expect(read(said('One.', 'commentary'), functionCall('f', '{}')).text).toBe('One.');
	});

	test('is kept apart from a refusal too', () => {
		const refusal = message('', { content: [{ type: 'refusal', refusal: 'No.' }] });
		const response = read(said('Let me see.', 'commentary'), refusal);
		expect(response).toMatchObject({ text: '', refusal: 'No.', commentary: 'Let me see.' });
	});

	test.each([null, 'final_answer', 'something_new', 7])(
		'is not a message of the phase %j',
		(phase) => {
			const { text, commentary } = read(message('Hi', { phase }));
			expect([text, commentary]).toEqual(['Hi', undefined]);
		},
	);

	test('is sent again as what it was', () => {
		const { outputAsInput } = read(said('Let me see.', 'commentary'), message('Hi'));
		expect(outputAsInput.map(({ content, phase }) => [content, phase])).toEqual([
			['Let me see.', 'commentary'],
			['Hi', undefined],
		]);
	});
});

describe('Citations', () => {
	const page = (start: unknown, end: unknown) => ({
		type: 'url_citation',
		url: 'https://weather.example',
		title: 'Weather',
		start_index: start,
		end_index: end,
	});
	const cited = (text: string, ...annotations: object[]) => ({
		type: 'output_text',
		text,
		annotations,
	});
	const weather = { url: 'https://weather.example', title: 'Weather' };

	test('say where a piece of the text comes from', () => {
		const { text, citations } = read(
			message('', { content: [cited('It is sunny.', page(6, 11))] }),
		);
		expect(citations).toEqual([{ ...weather, start: 6, end: 11 }]);
		expect(text.slice(6, 11)).toBe('sunny');
	});

	test.each([
		['parts', [message('', { content: [cited('One, '), cited('two', page(0, 3))] })]],
		['messages', [message('One, '), message('', { content: [cited('two', page(0, 3))] })]],
		[
			'thoughts in tags',
			[message('', { content: [cited('<think>Hm.</think>\n\nOne, two', page(25, 28))] })],
		],
		['empty lines', [message('', { content: [cited('\n\nOne, two', page(7, 10))] })]],
	])('are at their place in the whole text, behind %s', (_what, output) => {
		const { text, citations } = read(...output);
		expect(text).toBe('One, two');
		expect(citations).toEqual([{ ...weather, start: 5, end: 8 }]);
	});

	test('of commentary are not those of the text', () => {
		const aside = message('', { content: [cited('Look', page(0, 4))], phase: 'commentary' });
		expect(read(aside, message('Hi')).citations).toBeUndefined();
	});

	test.each([
		[
			'file_citation',
			{ type: 'file_citation', file_id: 'file_1', filename: 'a.pdf', index: 3 },
			{ url: null, title: 'a.pdf', start: 3, end: null, file_id: 'file_1' },
		],
		[
			'container_file_citation',
			{
				type: 'container_file_citation',
				file_id: 'file_1',
				filename: 'a.csv',
				start_index: 1,
				end_index: 2,
			},
			{ url: null, title: 'a.csv', start: 1, end: 2, file_id: 'file_1' },
		],
		[
			'file_path',
			{ type: 'file_path', file_id: 'file_1', index: 3 },
			{ url: null, title: null, start: 3, end: null, file_id: 'file_1' },
		],
		[
			'chat completions',
			{ type: 'url_citation', url_citation: { ...weather, start_index: 1, end_index: 2 } },
			{ ...weather, start: 1, end: 2 },
		],
		[
			'a server that says little',
			{ type: 'url_citation', url: 'https://a.example', title: null, start_index: '1' },
			{ url: 'https://a.example', title: null, start: null, end: null },
		],
	])('of %s are read', (_what, annotation, citation) => {
		expect(read(message('', { content: [cited('Text', annotation)] })).citations).toEqual([
			citation,
		]);
	});

	test('on a message are those of its parts, where these have any', () => {
		const content = [cited('Sunny', page(0, 5))];
		const others = [{ ...page(1, 2), url: 'https://other.example' }];
		expect(read(message('', { content, annotations: others })).citations).toHaveLength(1);
		const bare = message('Sunny', { annotations: others });
		expect(read(bare).citations).toMatchObject([{ url: 'https://other.example', start: 1 }]);
	});

	test('have only what is text', () => {
		const annotation = { ...page(0, 4), title: 7, file_id: { id: 1 } };
		expect(read(message('', { content: [cited('Text', annotation)] })).citations).toStrictEqual([
			{ url: 'https://weather.example', title: null, start: 0, end: 4 },
		]);
	});

	test('of a message of chat completions are read', () => {
		const { text, citations } = readResponse({
			choices: [{ message: { content: 'Sunny', annotations: [page(0, 5)] } }],
		});
		expect([text, citations]).toEqual(['Sunny', [{ ...weather, start: 0, end: 5 }]]);
	});

	test.each([[null], ['none'], [[null, 7, {}, { type: 'url_citation' }, { type: 'constructor' }]]])(
		'are not there where there are none: %j',
		(annotations) => {
			const content = [{ type: 'output_text', text: 'Hi', annotations }];
			const response = read(message('', { content: content as never }));
			expect(response).not.toHaveProperty('citations');
			expect(response.text).toBe('Hi');
		},
	);
});

describe('Searches of the server', () => {
	const search = (action?: object, type = 'web_search_call') =>
		({ type, id: 'ws_1', action }) as never;

	test('are counted, and what was asked is told', () => {
		const output = [
			search({ type: 'search', query: 'sun' }),
			search({ type: 'search', query: 'rain', queries: ['rain', 'snow'] }),
			search(),
			search({ query: 'wind' }),
		];
		expect(read(...output, message('Hi')).searches).toEqual({
			count: 4,
			queries: ['sun', 'rain', 'snow', 'wind'],
		});
	});

	test.each([
		['file_search_call', { queries: ['report'] }],
		['web_search_preview_call', { action: { type: 'search', query: 'report' } }],
		['knowledge_base_retrieval_call', { query: 'report' }],
	])('may be a %s', (type, rest) => {
		expect(read({ type, ...rest } as never).searches).toEqual({ count: 1, queries: ['report'] });
	});

	test.each([
		'web_search',
		'web_search_call',
		'web_search_preview',
		'file_search',
		'file_search_call',
		'knowledge_base_retrieval',
		'knowledge_base_retrieval_call',
	])('are called %s', (type) => {
		expect(read({ type }).searches).toEqual({ count: 1, queries: [] });
	});

	test.each([
		'my_web_search_call',
		'web_search_call_call',
		'my_knowledge_base_retrieval_call',
		'knowledge_base_retrieval_call_call',
	])('are not called %s', (type) => {
		expect(read({ type })).not.toHaveProperty('searches');
	});

	test.each([
		[{ queries: [], query: 'sun' }, ['sun']],
		[{ queries: ['sun', '', 7, null, 'rain'] }, ['sun', 'rain']],
		[{ query: '' }, []],
		[{ query: 7 }, []],
	])('asked what can be read of %j', (action, queries) => {
		expect(read(search(action)).searches).toEqual({ count: 1, queries });
	});

	test('do not count pages that were opened', () => {
		const output = [search({ type: 'open_page', url: 'https://a.example' }), message('Hi')];
		const response = read(...output);
		expect(response).not.toHaveProperty('searches');
		expect(response).not.toHaveProperty('otherTypes');
	});

	test('of several rounds add up', () => {
		const [one, other] = [
			{ count: 1, queries: ['a'] },
			{ count: 2, queries: ['b'] },
		];
		expect(addSearches(one, other)).toEqual({ count: 3, queries: ['a', 'b'] });
		expect(addSearches(undefined, other)).toBe(other);
		expect(addSearches(one, undefined)).toBe(one);
		expect(addSearches(undefined, undefined)).toBeUndefined();
	});
});

describe('What has no place', () => {
	test('is named by its type, once', () => {
		const output = [
			{ type: 'mcp_call', name: 'x' },
			{ type: 'mcp_call', name: 'y' },
			{ type: 'image_generation_call', result: 'iVBO' },
			message('', { content: [{ type: 'output_audio' }, { type: 'output_text', text: 'Hi' }] }),
		];
		expect(read(...output).otherTypes).toEqual(['image_generation_call', 'output_audio']);
	});

	test('is not what has one', () => {
		const parts = ['', 'output_text', 'text', 'refusal', 'reasoning_text', 7, null].map((type) => ({
			type,
		}));
		const output = [
			reasoning('Hm'),
			reasoning('', { content: [{ type: 'thought_signature' }] }),
			message('', { content: parts }),
			message('Hi'),
			functionCall('f', '{}'),
			{ type: 'text' },
		];
		expect(read(...output)).not.toHaveProperty('otherTypes');
	});

	test('of chat completions is named too', () => {
		const content = [{ type: 'image_url', image_url: {} }];
		expect(readResponse({ choices: [{ message: { content } }] }).otherTypes).toEqual(['image_url']);
	});
});
