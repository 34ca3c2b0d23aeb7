/** How a request goes once more, and what is remembered of it; by a client and its server in `../refusedInput.test.ts`. */
import { GradientApiError } from '../../../../../nodes/shared/client/errors';
import { sendConceding } from '../../../../../nodes/shared/client/response/conceding';
import type { ResponseCreateParams } from '../../../../../nodes/shared/client/schema/createParams';

const SERVER = 'https://inference.example/v1';
const NESTED = { type: 'function', function: { name: 'get_weather' } };
const FLAT = { type: 'function', name: 'get_weather' };

const user = { type: 'message', role: 'user', content: 'Hi' };
const phased = { type: 'message', role: 'assistant', content: 'Hm', phase: 'commentary' };
const search = { type: 'web_search_call', id: 'ws_1' };

const refusal = (message: string, parameter?: string) =>
	new GradientApiError(message, { kind: 'http', status: 400, parameter });
const REFUSED_SEARCH = refusal('Unsupported input item type: web_search_call');
const REFUSED_PHASE = refusal("Unknown parameter: 'phase'");

type Sent = { input: unknown; tool_choice?: unknown };

/** What is remembered is remembered for a model: each test has its own. */
let models = 0;
let model: string;
beforeEach(() => (model = `m${++models}`));

/** @param refuse what the server says to a request, where it does not answer it */
async function ask(refuse: (sent: Sent) => unknown, more: object = {}, server = SERVER) {
	const request = { model, input: [user, search, phased], ...more } as ResponseCreateParams;
	const sent: Sent[] = [];
	const leftOut: string[] = [];
	const outcome = await sendConceding(
		request,
		server,
		async (one) => {
			sent.push(one as Sent);
			const error = refuse(one as Sent);
			if (error) throw error as Error;
			return await Promise.resolve('answer');
		},
		(words) => leftOut.push(words),
	).catch((error: unknown) => error);
	return { request, sent, leftOut, outcome };
}

const has = (sent: Sent, what: object | string) =>
	typeof what === 'string'
		? (sent.input as object[]).some((item) => what in item)
		: (sent.input as object[]).includes(what);

const withoutSearch = (sent: Sent) => (has(sent, search) ? REFUSED_SEARCH : undefined);
const withoutPhase = (sent: Sent) => (has(sent, 'phase') ? REFUSED_PHASE : undefined);
const takesAll = () => undefined;

describe('A request', () => {
	test('that is taken is sent once, as it is', async () => {
		const { request, sent, leftOut, outcome } = await ask(takesAll, { tool_choice: NESTED });
		expect(outcome).toBe('answer');
		expect(sent).toHaveLength(1);
		expect(sent[0]).toBe(request);
		expect(leftOut).toEqual([]);
	});

	test('goes once more without what is named, and all else is the same', async () => {
		const { request, sent, leftOut, outcome } = await ask(withoutSearch, { temperature: 1 });
		expect(outcome).toBe('answer');
		expect(sent).toEqual([request, { ...request, input: [user, phased] }]);
		expect(leftOut).toEqual([expect.stringContaining("'web_search_call'")]);
	});

	test('goes as often as more is named', async () => {
		const refuse = (sent: Sent) => withoutSearch(sent) ?? withoutPhase(sent);
		const { sent, leftOut, outcome } = await ask(refuse);
		expect(outcome).toBe('answer');
		expect(sent.at(-1)?.input).toEqual([
			user,
			{ type: 'message', role: 'assistant', content: 'Hm' },
		]);
		expect(sent).toHaveLength(3);
		expect(leftOut).toHaveLength(2);
	});

	test('goes eight times at most', async () => {
		const keys = [...'abcdefghi'].map((letter) => `${letter}_key`);
		const item = { ...user, ...Object.fromEntries(keys.map((key) => [key, 1])) };
		const { sent, outcome } = await ask(
			(one) => {
				const key = keys.find((name) => has(one, name));
				return key && refusal(`Unknown parameter: '${key}'`);
			},
			{ input: [item] },
		);
		expect(sent).toHaveLength(8);
		expect((outcome as Error).message).toContain('h_key');
	});

	test.each<[string, unknown, object]>([
		['another error', new Error(REFUSED_SEARCH.message), {}],
		['a refusal that names nothing', refusal('Invalid'), {}],
		['an item that is all there is', REFUSED_SEARCH, { input: [search] }],
		['an item that is not there', REFUSED_SEARCH, { input: [user] }],
		['an item, though the input is a text', REFUSED_SEARCH, { input: 'web_search_call' }],
		['a choice that names nothing', refusal('No such tool_choice'), { tool_choice: 'auto' }],
		['a choice, though there is none', refusal('No such tool_choice'), {}],
	])('is sent once where it is refused for %s', async (_why, error, more) => {
		const { sent, outcome, leftOut } = await ask(() => error, more);
		expect(sent).toHaveLength(1);
		expect(outcome).toBe(error);
		expect(leftOut).toEqual([]);
	});

	test('that is refused all the same fails as it was refused at last', async () => {
		const last = refusal('Something else');
		const { sent, outcome } = await ask((one) => withoutSearch(one) ?? last);
		expect(sent).toHaveLength(2);
		expect(outcome).toBe(last);
		const later = await ask(takesAll);
		expect(later.sent).toEqual([later.request]);
	});

	test('need not have anyone who hears what was left out', async () => {
		const request = { model, input: [user, search] } as unknown as ResponseCreateParams;
		const send = async (one: ResponseCreateParams) =>
			await (one.input.length > 1 ? Promise.reject(REFUSED_SEARCH) : Promise.resolve('answer'));
		expect(await sendConceding(request, SERVER, send)).toBe('answer');
	});
});

describe('What helped', () => {
	/** As many models as are remembered beside the first, which is then asked again. */
	const askOthers = async (first: string) => {
		for (let other = 1; other < 1_000; other++) {
			model = `${first}-${other}`;
			await ask(withoutSearch);
		}
		model = first;
	};

	test('is done from the start with the next request, and told only where it changes something', async () => {
		await ask(withoutSearch);
		const { sent, leftOut } = await ask(takesAll);
		expect(sent.map(({ input }) => input)).toEqual([[user, phased]]);
		expect(leftOut).toHaveLength(1);
		const other = await ask(takesAll, { input: [user] });
		expect(other.leftOut).toEqual([]);
	});

	test('is added to what had helped before', async () => {
		await ask(withoutSearch);
		await ask(withoutPhase);
		const { sent, leftOut } = await ask(takesAll);
		expect(sent).toHaveLength(1);
		expect(has(sent[0], search) || has(sent[0], 'phase')).toBe(false);
		expect(leftOut).toHaveLength(2);
	});

	test('is of that server and that model', async () => {
		await ask(withoutSearch);
		const elsewhere = await ask(takesAll, {}, 'https://other.example/v1');
		expect(has(elsewhere.sent[0], search)).toBe(true);
		model += '-other';
		expect(has((await ask(takesAll)).sent[0], search)).toBe(true);
	});

	test('is forgotten of the server that was heard of first, after a thousand others', async () => {
		const first = model;
		await ask(withoutSearch);
		await askOthers(first);
		expect((await ask(takesAll)).leftOut).toHaveLength(1);
		model = `${first}-1000`;
		await ask(withoutSearch);
		model = first;
		expect((await ask(takesAll)).leftOut).toEqual([]);
		model = `${first}-1`;
		expect((await ask(takesAll)).leftOut).toHaveLength(1);
	});

	test('is not forgotten of a server that was heard of again', async () => {
		const first = model;
		await ask(withoutSearch);
		await askOthers(first);
		await ask(withoutPhase);
		model = `${first}-1000`;
		await ask(withoutSearch);
		model = first;
		expect((await ask(takesAll)).leftOut).toHaveLength(2);
	});
});

describe('A choice that names a function', () => {
	const refused = refusal("Tool choice 'function' not found", 'tool_choice');
	const only = (form: object) => (sent: Sent) =>
		'name' in (sent.tool_choice as object) === 'name' in form ? undefined : refused;

	test.each([
		[NESTED, FLAT],
		[FLAT, NESTED],
	])('is sent in the other form where it is refused: %j', async (given, other) => {
		const more = { tool_choice: given, input: 'Hi' };
		const { sent, outcome, leftOut } = await ask(only(other), more);
		expect([outcome, leftOut]).toEqual(['answer', []]);
		expect(sent.map((one) => one.tool_choice)).toEqual([given, other]);
		const next = await ask(takesAll, more);
		expect(next.sent.map((one) => one.tool_choice)).toEqual([other]);
	});

	test('is remembered beside what is left out, and used where one is named', async () => {
		await ask(only(FLAT), { tool_choice: NESTED, input: 'Hi' });
		expect((await ask(withoutSearch)).sent[1]).not.toHaveProperty('tool_choice');
		expect((await ask(withoutPhase, { tool_choice: 'auto' })).sent[1].tool_choice).toBe('auto');
		const { sent } = await ask(takesAll, { tool_choice: NESTED });
		expect(sent).toEqual([
			expect.objectContaining({
				tool_choice: FLAT,
				input: [user, { type: 'message', role: 'assistant', content: 'Hm' }],
			}),
		]);
	});

	test.each([
		['the second', 'function', 'get_weather', 1],
		['the first', 'get_weather', 'function', 0],
		['the first, where neither does', 'function', 'function', 0],
	])(
		'refused in both forms fails with %s, which knows the function',
		async (_which, one, two, is) => {
			const errors = [one, two].map((name) => refusal(`Tool choice '${name}' not found`));
			let asked = 0;
			const { sent, outcome } = await ask(() => errors[asked++], { tool_choice: NESTED });
			expect(sent).toHaveLength(2);
			expect(outcome).toBe(errors[is]);
		},
	);
});
