/** A request that the API refuses goes once more without what it names of the conversation. */
import type { IDataObject } from 'n8n-workflow';

import type { InputItem } from '../../../../nodes/shared/client';
import { type Answer, json } from '../../../support/answers';
import { errorBodies } from '../../../support/errorBodies';
import { failureOf, once, useServer } from './support';

const bench = useServer();

const SEARCH = { type: 'web_search_call', id: 'ws_1', status: 'completed', extra_hint: 1 };
const INPUT = [
	{ type: 'message', role: 'user', content: 'Hi' },
	SEARCH,
	{ type: 'message', role: 'assistant', content: 'Hello', phase: 'final_answer' },
	{ type: 'message', role: 'user', content: 'Go on' },
] as unknown as InputItem[];

/** What is remembered of a server is remembered for a model: each test has its own. */
let models = 0;
let model: string;
beforeEach(() => (model = `model-${++models}`));

const refuse = (message: string, param: string | null = null): Answer =>
	json({ error: { message, type: 'invalid_request_error', param, code: null } }, { status: 400 });

/** Refuses, as a real server does, the first of these things that it finds in the input. */
const refusing = (...found: Array<[(item: IDataObject) => boolean, Answer]>) =>
	bench.server.answer(({ body }) => {
		const { input } = body as { input: IDataObject[] };
		return found.find(([isIn]) => input.some(isIn))?.[1];
	});

const isSearch = ({ type }: IDataObject) => type === 'web_search_call';
const REFUSED_SEARCH = refuse('Unsupported input item type: web_search_call');
const REFUSED_PHASE = refuse("Unknown parameter: 'input[2].phase'.", 'input[2].phase');

async function ask(input = INPUT) {
	const leftOut: string[] = [];
	const response = await bench
		.client()
		.createResponse({ model, input }, { ...once, onLeftOut: (words) => leftOut.push(words) });
	return { text: response.text, leftOut };
}

const typesOf = (request: number) =>
	(bench.server.bodies[request].input as IDataObject[]).map(({ type }) => type);

test('An item of a type that the API does not take is left out, and that is said', async () => {
	refusing([isSearch, REFUSED_SEARCH]);
	const { text, leftOut } = await ask();
	expect(text).toBe('Echo: Go on');
	expect(bench.server.requests).toHaveLength(2);
	expect(typesOf(0)).toContain('web_search_call');
	expect(typesOf(1)).toEqual(['message', 'message', 'message']);
	expect(leftOut).toEqual([
		"The API does not take input items of the type 'web_search_call', so they were left out",
	]);
});

test('Later requests of that model, by any client, leave it out from the start, and say so', async () => {
	refusing([isSearch, REFUSED_SEARCH]);
	await ask();
	bench.server.requests.length = 0;
	const { leftOut } = await ask();
	expect(bench.server.requests).toHaveLength(1);
	expect(leftOut).toHaveLength(1);
});

test('Another model behind the same address gets the whole conversation', async () => {
	refusing([isSearch, REFUSED_SEARCH]);
	await ask();
	model += '-other';
	bench.server.reset();
	expect((await ask()).leftOut).toEqual([]);
	expect(typesOf(0)).toContain('web_search_call');
});

test('Several things that are named one after the other are all left out', async () => {
	refusing([isSearch, REFUSED_SEARCH], [(item) => 'phase' in item, REFUSED_PHASE]);
	const { text, leftOut } = await ask();
	expect(text).toBe('Echo: Go on');
	expect(bench.server.requests).toHaveLength(3);
	expect(leftOut).toEqual([
		expect.stringContaining('web_search_call'),
		"The API does not take the key 'phase' of input items, so it was left out",
	]);
});

test('A server that does not take the type of messages gets the short form, and nothing needs to be said', async () => {
	const refusedType = refuse("Unknown parameter: 'input[0].type'.", 'input[0].type');
	refusing([({ type }) => type === 'message', refusedType]);
	const { leftOut } = await ask(INPUT.filter((item) => !isSearch(item as IDataObject)));
	expect(typesOf(1)).toEqual([undefined, undefined, undefined]);
	expect(leftOut).toEqual([]);
	await ask(INPUT.filter((item) => !isSearch(item as IDataObject)));
	expect(bench.server.requests).toHaveLength(3);
});

test('What is refused all the same fails in the words of the API, and is not remembered', async () => {
	bench.server.answer(() => REFUSED_SEARCH);
	const error = await failureOf(ask());
	expect(error.message).toBe('Unsupported input item type: web_search_call');
	expect(bench.server.requests).toHaveLength(2);
	bench.server.reset();
	await ask();
	expect(typesOf(0)).toContain('web_search_call');
});

test('An input of which nothing would be left fails', async () => {
	refusing([isSearch, REFUSED_SEARCH]);
	await failureOf(ask([SEARCH as unknown as InputItem]));
	expect(bench.server.requests).toHaveLength(1);
});

test('A server that always finds more is asked eight times at most', async () => {
	const keys = [...'abcdefghi'].map((letter) => `${letter}_key`);
	const more = Object.fromEntries(keys.map((key) => [key, 1]));
	const input = [
		{ type: 'message', role: 'user', content: 'Hi', ...more },
	] as unknown as InputItem[];
	refusing(
		...keys.map((key): [(item: IDataObject) => boolean, Answer] => [
			(item) => key in item,
			refuse(`Unknown parameter: 'input[0].${key}'.`, `input[0].${key}`),
		]),
	);
	const error = await failureOf(ask(input));
	expect(error.message).toContain('h_key');
	expect(bench.server.requests).toHaveLength(8);
});

test.each([
	['a text', () => 'web_search_call' as never, REFUSED_SEARCH],
	['a list in which it is not', () => [INPUT[0]], REFUSED_SEARCH],
	['a refusal that names nothing', () => INPUT, errorBodies.invalidBody],
	['a bad key', () => INPUT, errorBodies.unauthorized],
])('%s is sent once', async (_, input, answer) => {
	bench.server.answer(() => answer);
	await failureOf(ask(input()));
	expect(bench.server.requests).toHaveLength(1);
});
