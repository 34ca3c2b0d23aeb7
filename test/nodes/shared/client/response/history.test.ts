import { findViolations } from '../../../../../nodes/shared/client';
import { fitEntries, fitHistory } from '../../../../../nodes/shared/client/response/history';
import { refusals } from '../../../../support/strictHistory';

const user = { type: 'message', role: 'user', content: 'Hi' };
const answer = { type: 'message', role: 'assistant', content: 'Hello' };
const call = (id = 'c', more: object = {}) => ({
	type: 'function_call',
	call_id: id,
	name: 'f',
	arguments: '{}',
	...more,
});
const result = (id = 'c', output = '21') => ({ type: 'function_call_output', call_id: id, output });
const thought = (id: string | undefined = 'rs_1', more: object = {}) => ({
	type: 'reasoning',
	...(id && { id }),
	summary: [],
	content: [{ type: 'reasoning_text', text: 'Hm.' }],
	...more,
});
const lost = (id = 'c') => result(id, expect.stringContaining('no result of this call') as never);
const search = {
	type: 'web_search_call',
	id: 'ws_1',
	status: 'completed',
	action: { query: 'n8n' },
};

/** What a history is, and what is sent of it. Whatever it is, the strictest server takes it. */
const HISTORIES: Array<[string, object[], object[]]> = [
	[
		'is fit already stays',
		[user, thought(), call(), result(), answer],
		[user, thought(), call(), result(), answer],
	],
	['begins with a result whose call is cut off begins with the message', [result(), user], [user]],
	['begins with a call and its result, too', [call(), result(), user, answer], [user, answer]],
	[
		'begins with a call whose result comes later, too',
		[call(), user, result(), answer],
		[user, answer],
	],
	['begins with thoughts begins with the message', [thought(), answer, user], [answer, user]],
	[
		'begins with the result of a tool in the form of chat completions keeps what is a message',
		[result(), { role: 'assistant', content: 'Hello' }],
		[answer],
	],
	[
		'begins with the result of a tool of chat completions begins with the message',
		[{ role: 'tool', tool_call_id: 'c', content: '21' }, user, answer],
		[user, answer],
	],
	[
		'has a message between a call and its result keeps the order',
		[user, call(), search, result(), answer],
		[user, call(), search, result(), answer],
	],
	[
		'has reasoning before a result loses it',
		[user, call(), thought(), result(), answer],
		[user, call(), result(), answer],
	],
	['has a result without a call loses it', [user, result('x'), answer], [user, answer]],
	[
		'has a result twice keeps the first',
		[user, call(), result(), result('c', '22')],
		[user, call(), result()],
	],
	['has a call without a result says so', [user, call(), answer], [user, call(), lost(), answer]],
	['has it at its end says so', [user, call()], [user, call(), lost()]],
	[
		'has several of which one is answered says so of the other',
		[user, call('a'), call('b'), result('b'), answer],
		[user, call('a'), call('b'), result('b'), lost('a'), answer],
	],
	[
		'has a result before its call says that it is lost',
		[user, result(), call()],
		[user, call(), lost()],
	],
	[
		'has a result behind the next message has it before',
		[user, call(), user, result()],
		[user, call(), result(), user],
	],
	[
		'numbers its calls anew in each response tells them apart',
		[user, call('0'), result('0', 'a'), answer, user, call('0'), result('0', 'b')],
		[user, call('0'), result('0', 'a'), answer, user, call('0_2'), result('0_2', 'b')],
	],
	[
		'has one id for two calls at once tells them apart',
		[user, call('0'), call('0'), result('0', 'a'), result('0', 'b')],
		[user, call('0'), call('0_2'), result('0', 'a'), result('0_2', 'b')],
	],
	[
		'has an id again whose first result is lost gives the result to the later call',
		[user, call('0'), answer, user, call('0'), result('0', 'b')],
		[user, call('0'), lost('0'), answer, user, call('0_2'), result('0_2', 'b')],
	],
	[
		'has an id that a renamed call would get',
		[user, call('0'), call('0_2'), call('0'), result('0'), result('0_2'), result('0')],
		[user, call('0'), call('0_2'), call('0_3'), result('0'), result('0_2'), result('0_3')],
	],
	[
		'has ids of more than 64 characters has shorter ones',
		[user, call('x'.repeat(65)), result('x'.repeat(65))],
		[
			user,
			call(expect.stringMatching(/^call_\w{32}$/) as never),
			result(expect.stringMatching(/^call_\w{32}$/) as never),
		],
	],
	[
		'has a call known by its id alone is known by that',
		[user, { ...call(), call_id: '', id: 'fc_1' }, result('fc_1')],
		[user, call('fc_1'), result('fc_1')],
	],
	[
		'is of reasoning and a message keeps the ids of both',
		[user, thought(), { ...answer, id: 'msg_1', status: 'completed' }],
		[user, thought(), { ...answer, id: 'msg_1' }],
	],
	[
		'is of reasoning and a message without an id has neither',
		[user, thought(), answer],
		[user, thought(''), answer],
	],
	[
		'has an id of a message only, does not',
		[user, thought(''), { ...answer, id: 'msg_1', status: 'completed' }],
		[user, thought(''), answer],
	],
	[
		'lost the reasoning before a message loses its id',
		[user, { ...answer, id: 'msg_1' }],
		[user, answer],
	],
	[
		'has reasoning in which is nothing loses it and the id of the message',
		[user, thought('rs_1', { content: [] }), { ...answer, id: 'msg_1' }],
		[user, answer],
	],
	[
		'has reasoning in which is nothing loses it and the id of the call',
		[user, thought('rs_1', { content: null }), call('c', { id: 'fc_1' }), result()],
		[user, call(), result()],
	],
	[
		'has encrypted reasoning keeps it with the ids of both',
		[
			user,
			thought('rs_1', { content: null, encrypted_content: 'gAAA' }),
			{ ...answer, id: 'msg_1' },
		],
		[
			user,
			{ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' },
			{ ...answer, id: 'msg_1' },
		],
	],
	[
		'has reasoning twice before a message without an id has no id',
		[user, thought('rs_1'), thought('rs_2'), answer],
		[user, thought(''), thought(''), answer],
	],
	['has reasoning that nothing follows loses it', [user, thought(), user], [user, user]],
	['ends with reasoning loses it', [user, call(), result(), thought()], [user, call(), result()]],
	[
		'has a search between reasoning keeps the order',
		[user, thought('rs_1'), search, thought('rs_2'), { ...answer, id: 'msg_1' }],
		[user, thought('rs_1'), search, thought('rs_2'), { ...answer, id: 'msg_1' }],
	],
	['has no message at all stays', [call(), result()], [call(), result()]],
	[
		'has no message at all is not cut down to nothing',
		[result('x'), call('c', { arguments: '' }), thought()],
		[result('x'), call(), thought()],
	],
];

describe('A history that', () => {
	test.each(HISTORIES)('%s', (_, came, sent) => {
		const fit = fitHistory(came);
		expect(fit).toStrictEqual(sent);
		expect(findViolations({ model: 'm', input: fit })).toEqual([]);
		expect(fitHistory(fit)).toStrictEqual(fit);
		const isBegun = came.some((item) => (item as { type?: string }).type === 'message');
		expect(isBegun ? refusals(fit) : []).toEqual([]);
	});
});

test('A list without anything of a model is no history, and its messages stay as they are', () => {
	const items = [
		{ role: 'system', content: 'Be short.', id: null },
		{ role: 'user', content: 'Hi' },
		{ type: 'message', role: 'user', content: 'Hi' },
		{ role: 'developer', content: 'Be short.' },
	];
	expect(fitHistory(items)).toStrictEqual([
		{ role: 'system', content: 'Be short.' },
		...items.slice(1),
	]);
	expect(fitHistory([...items, answer])[1]).toHaveProperty('type', 'message');
});

test('A history that goes on after others need not begin with a message', () => {
	expect(fitHistory([call(), result(), answer], { isContinued: true })).toHaveLength(3);
});

test('Calls whose results come later wait for them, but not those of an earlier turn', () => {
	const items = [user, call('a'), user, call('b'), call('c')];
	expect(fitHistory(items, { isOpen: true })).toStrictEqual([
		user,
		call('a'),
		lost('a'),
		user,
		call('b'),
		call('c'),
	]);
});

test.each([
	['the assistant has spoken', answer],
	['the server has searched', search],
])('Calls wait for their results, though %s since', (_what, item) => {
	const items = [user, call(), item];
	expect(fitHistory(items, { isOpen: true })).toStrictEqual(items);
});

test('What is no item stays, for the check to name', () => {
	expect(fitHistory([user, null, 7, answer])).toStrictEqual([user, null, 7, answer]);
	expect(fitHistory([user, thought(), null])).toStrictEqual([user, null]);
	expect(fitHistory([null, { role: 'user', content: 'Hi' }])).toStrictEqual([null, user]);
});

test('A call without an id stays, for the check to name, and gets no result', () => {
	const nameless = { type: 'function_call', name: 'f', arguments: '{}' };
	expect(fitHistory([user, nameless, answer])).toStrictEqual([user, nameless, answer]);
});

test('An item of another type makes a history of a list, whatever its role', () => {
	const note = { type: 'note', role: 'user', text: 'x' };
	expect(fitHistory([{ role: 'user', content: 'Hi' }, note])).toStrictEqual([user, note]);
});

test('Nothing that is given is changed', () => {
	const items = [user, thought(), { ...answer, id: 'm' }, call('0'), call('0'), result('0')];
	const before = structuredClone(items);
	fitHistory(items);
	expect(items).toStrictEqual(before);
});

describe('What the user wrote', () => {
	const own = (item: object) => ({ item, isOwn: true });
	const itemsOf = (entries: Array<{ item: object; isOwn?: boolean }>) =>
		fitEntries(entries).map(({ item }) => item);

	test.each<[string, object[]]>([
		['a message without its type', [{ role: 'user', content: 'Hi' }]],
		[
			'a call with broken arguments and an illegal name',
			[call('c', { name: 'f g', arguments: '{' })],
		],
		['a call without a result', [{ role: 'user', content: 'Hi' }, call()]],
		['a result without a call', [{ role: 'user', content: 'Hi' }, result()]],
		['a call at the beginning', [call(), result(), { role: 'user', content: 'Hi' }]],
		['one id for two calls', [call('0'), call('0'), result('0'), result('0')]],
		['reasoning that nothing follows', [{ type: 'reasoning', id: 'rs_1' }]],
		['an assistant with an id', [{ role: 'assistant', content: 'Hi', id: 'msg_1', status: 'x' }]],
		['null keys', [{ role: 'user', content: 'Hi', id: null }]],
	])('stays as it is: %s', (_, items) => {
		expect(itemsOf(items.map(own))).toStrictEqual(items);
	});

	test('does not keep what stands before the first message, where it comes later', () => {
		const entries = [{ item: call() }, { item: user }, own({ role: 'user', content: 'Go on' })];
		expect(itemsOf(entries)).toStrictEqual([user, { role: 'user', content: 'Go on' }]);
	});

	test('is an answer also where it has no type, and reasoning before it stays', () => {
		const entries = [
			{ item: user },
			{ item: thought() },
			own({ role: 'assistant', content: 'Hello' }),
		];
		expect(itemsOf(entries)[1]).toStrictEqual(thought(''));
	});

	test('answers a call of the conversation, which keeps its id for that', () => {
		const entries = [
			...[user, call('0'), result('0'), answer, user, call('0')].map((item) => ({ item })),
			own(result('0', 'mine')),
		];
		expect(itemsOf(entries)).toStrictEqual([
			user,
			call('0_2'),
			result('0_2'),
			answer,
			user,
			call('0'),
			result('0', 'mine'),
		]);
	});

	test('answers a call that stands at the beginning', () => {
		const entries = [{ item: call() }, own(result()), own(user)];
		expect(itemsOf(entries)).toStrictEqual([call(), result(), user]);
	});
});

test('An entry keeps what else is known of it, and a lost result has what its call has', () => {
	const entries = [
		{ item: user, place: 'row 1' },
		{ item: call(), place: 'row 2' },
	];
	expect(fitEntries(entries).map(({ place }) => place)).toEqual(['row 1', 'row 2', 'row 2']);
});
