/** Ten times as much from outside takes about ten times as long, and n8n gets on in between. */
import { retryAfter } from '../../../../../nodes/shared/client/pacing/rateLimit';
import { Secrets } from '../../../../../nodes/shared/client/redact';
import { fitHistory } from '../../../../../nodes/shared/client/response/history';
import {
	mayBecomeCall,
	readTextCalls,
} from '../../../../../nodes/shared/client/response/textCalls';
import { type Read, expectGrowth, times } from '../../../../support/cost';
import { functionCall, message, reasoning } from '../../../../support/responses';
import { KEY } from '../support';
import { readBody, readCatalogueOf, readErrorBody, readEvents, readModelList } from './readers';

const frame = (event: object) => `data: ${JSON.stringify(event)}\n\n`;
const frames = (count: number, make: (index: number) => object) =>
	times(count, (index) => frame(make(index))).join('');

const chunk = (delta: object, more: object = {}) => ({ ...more, choices: [{ index: 0, delta }] });
const call = (index: number, more: object = {}) => ({
	...more,
	function: { name: 'f', arguments: '{}' },
	id: `call_${index}`,
});
const FINISH = frame({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });

const done = (item: object, output_index: number) => ({
	type: 'response.output_item.done',
	output_index,
	item,
});
const completed = (output: object[]) => frame({ type: 'response.completed', response: { output } });
const said = (index: number) => message(`Text ${index}`, { id: `msg_${index}` });
const renamed = (index: number) => message(`Text ${index}`, { id: `other_${index}` });

const STREAMS: Array<[string, number, (size: number) => string]> = [
	['chunks of text', 400, (n) => frames(n, () => chunk({ content: 'Hello' })) + FINISH],
	[
		'chunks with a new key each',
		300,
		(n) => frames(n, (i) => chunk({}, { [`k${i}`]: i })) + FINISH,
	],
	[
		'chunks with a call each',
		200,
		(n) => frames(n, (i) => chunk({ tool_calls: [call(i, { index: i })] })) + FINISH,
	],
	[
		'chunks with a call each, without an index',
		200,
		(n) => frames(n, (i) => chunk({ tool_calls: [call(i)] })) + FINISH,
	],
	[
		'chunks with a piece of arguments each',
		400,
		(n) =>
			frames(n, () => chunk({ tool_calls: [{ index: 0, function: { arguments: '[' } }] })) + FINISH,
	],
	[
		'deltas',
		400,
		(n) =>
			frames(n, () => ({ type: 'response.output_text.delta', output_index: 0, delta: 'Hi' })) +
			completed([]),
	],
	[
		'parts',
		400,
		(n) =>
			frames(n, () => ({ type: 'response.output_text.done', output_index: 0, text: 'Hi' })) +
			completed([]),
	],
	['items', 200, (n) => frames(n, (i) => done(said(i), i)) + completed([])],
	[
		'items without an index',
		200,
		(n) => frames(n, (i) => ({ ...done(said(i), 0) })) + completed([]),
	],
	[
		'items that come again at the end',
		100,
		(n) => frames(n, (i) => done(said(i), i)) + completed(times(n, said)),
	],
	[
		'items that come again at the end, with other ids',
		100,
		(n) => frames(n, (i) => done(said(i), i)) + completed(times(n, renamed)),
	],
	[
		'calls with one id, which come again at the end',
		100,
		(n) =>
			frames(n, (i) => done(functionCall('f', '{}'), i)) +
			completed(times(n, () => functionCall('f', '{}'))),
	],
	[
		'keys of the response',
		300,
		(n) =>
			frames(n, (i) => ({ type: 'response.in_progress', response: { [`k${i}`]: i } })) +
			completed([]),
	],
	[
		'keys of the response, which come again at the end',
		900,
		(n) => {
			const response = Object.fromEntries(times(n, (i) => [`key_${i}`, i]));
			return ['created', 'completed']
				.map((step) => frame({ type: `response.${step}`, response }))
				.join('');
		},
	],
	[
		'items that are open, and deltas without an index',
		100,
		(n) =>
			frames(n, (i) => ({
				type: 'response.output_item.added',
				item: { ...said(i), content: [] },
			})) +
			frames(n, (i) => ({
				type: 'response.output_text.delta',
				item_id: `msg_${i}`,
				delta: 'Hi',
			})) +
			frames(n, () => ({ type: 'response.output_text.delta', delta: 'Hi' })) +
			completed([]),
	],
	['comments', 4_000, (n) => ': still here\n\n'.repeat(n) + FINISH],
	['lines of one event', 4_000, (n) => `${'data: 1\n'.repeat(n)}\n`],
	['line feeds and a carriage return', 6_000, (n) => `${'\n'.repeat(n)}\r${FINISH}`],
	['unknown fields', 400, (n) => 'unknown: 1\n'.repeat(n) + FINISH],
	['Chinese, broken off', 4_000, (n) => frame(chunk({ content: '语'.repeat(n) }))],
	['Chinese in pieces, broken off', 400, (n) => frames(n, () => chunk({ content: '语' }))],
	[
		'beginnings of the key, broken off',
		4_000,
		(n) => frame(chunk({ content: 'sk-do-'.repeat(n) })),
	],
	[
		'an error event',
		4_000,
		(n) => frame({ error: { message: '语'.repeat(n), code: 'x'.repeat(n) } }),
	],
	['an event that is not JSON', 4_000, (n) => `data: ${'语'.repeat(n)}\n\n`],
];

const answer = (output: unknown[]) => JSON.stringify({ status: 'completed', output });

const BODIES: Array<[string, number, (size: number) => string]> = [
	['empty items', 900, (n) => answer(times(n, () => ({})))],
	['empty items, more than are read', 4_000, (n) => answer(times(n, () => ({})))],
	['numbers in place of items', 900, (n) => answer(times(n, () => 0))],
	[
		'items with wrong fields',
		900,
		(n) =>
			answer(
				times(n, () => ({
					type: 1,
					id: [],
					call_id: {},
					name: 2,
					arguments: 3,
					content: 4,
					summary: 5,
				})),
			),
	],
	['messages', 400, (n) => answer(times(n, said))],
	['parts', 900, (n) => answer([{ type: 'message', content: times(n, () => ({ text: 'Hi' })) }])],
	['wrong parts', 900, (n) => answer([{ type: 'message', content: times(n, () => 7) }])],
	['thoughts', 400, (n) => answer(times(n, (i) => reasoning(`Thought ${i}`)))],
	['calls', 400, (n) => answer(times(n, (i) => functionCall('f', '{"a":1}', `call_${i}`)))],
	[
		'calls that the server ran',
		300,
		(n) =>
			answer(
				times(n, (i) => ({ type: 'mcp_call', name: 'f', arguments: `{"a":${i}}`, output: '[1]' })),
			),
	],
	[
		'calls with their results beside them',
		200,
		(n) =>
			answer(
				times(n, (i) => [
					functionCall('f', '{}', `call_${i}`),
					{ type: 'function_call_output', call_id: `call_${i}`, output: 'x' },
				]).flat(),
			),
	],
	[
		'choices',
		900,
		(n) => JSON.stringify({ choices: times(n, () => ({ message: { content: 'Hi' } })) }),
	],
	[
		'calls of a choice',
		400,
		(n) => JSON.stringify({ choices: [{ message: { tool_calls: times(n, (i) => call(i)) } }] }),
	],
	['keys', 4_000, (n) => JSON.stringify(Object.fromEntries(times(n, (i) => [`key_${i}`, i])))],
	[
		'a failure with much beside it',
		4_000,
		(n) =>
			JSON.stringify({
				status: 'failed',
				error: { message: 'No' },
				beside: times(n, (i) => ({ i })),
			}),
	],
	['lists in lists', 4_000, (n) => `{"output":${'['.repeat(n)}${']'.repeat(n)}}`],
	['escaped quotes', 4_000, (n) => answer([message('"'.repeat(n))])],
	['backslashes', 4_000, (n) => answer([message('\\'.repeat(n))])],
];

const ERROR_BODIES: Array<[string, number, (size: number) => string]> = [
	['text', 4_000, (n) => 'word '.repeat(n)],
	['blanks', 4_000, (n) => `${' '.repeat(n)}x${' '.repeat(n)}`],
	['a page whose title never ends', 4_000, (n) => `<html>${'<title'.repeat(n)}`],
	['a page with a long title', 4_000, (n) => `<html><title>${'x '.repeat(n)}</title>`],
	['Chinese without a blank', 4_000, (n) => '语'.repeat(n)],
	['the key, again and again', 1_000, (n) => KEY.repeat(n)],
	['beginnings of the key', 4_000, (n) => KEY.slice(0, -1).repeat(n)],
	[
		'a list of errors',
		1_000,
		(n) => JSON.stringify({ errors: times(n, (i) => ({ msg: `No ${i}` })) }),
	],
	['a long message', 4_000, (n) => JSON.stringify({ error: { message: '语'.repeat(n) } })],
	[
		'keys',
		1_000,
		(n) =>
			JSON.stringify({ message: 'No', ...Object.fromEntries(times(n, (i) => [`key_${i}`, i])) }),
	],
	['lists in lists', 4_000, (n) => '['.repeat(n)],
	[
		'the place of an error, deep',
		4_000,
		(n) => JSON.stringify({ detail: [{ loc: Array(n).fill('input'), msg: 'bad' }] }),
	],
	...["'loc': (", "'msg': '", '\n  ', "('", 'a.', "{'type': 'x', 'loc': ('body',"].map(
		(part): [string, number, (size: number) => string] => [
			`validation errors as text: ${JSON.stringify(part)}`,
			1_000,
			(n) => JSON.stringify({ message: `9 validation errors\n${part.repeat(n)}` }),
		],
	),
];

const CALLS_AS_TEXT: Array<[string, (size: number) => string]> = [
	['openings', (n) => '<tool_call>'.repeat(n)],
	['lines of openings', (n) => '\n<tool_call>'.repeat(n)],
	['tokens', (n) => '<|a|>'.repeat(n)],
	['blanks', (n) => ' '.repeat(n)],
	['braces', (n) => `<tool_call>${'{'.repeat(n)}`],
	['lists', (n) => `[TOOL_CALLS]${'['.repeat(n)}`],
	['dots', (n) => `functions.${'a.'.repeat(n)}`],
	['quotes', (n) => `<tool_call>{"${'\\"'.repeat(n)}`],
];

describe('Ten times as much takes about ten times as long', () => {
	test.each(STREAMS)('in a stream: %s', async (_what, size, make) => {
		await expectGrowth(prepared(make, readEvents), size);
	});

	test.each(BODIES)('in an answer: %s', async (_what, size, make) => {
		await expectGrowth(prepared(make, readBody), size);
	});

	test.each(ERROR_BODIES)('in the body of an error: %s', async (_what, size, make) => {
		await expectGrowth(prepared(make, readErrorBody), size);
	});

	test.each(CALLS_AS_TEXT)('in a text that may be a call: %s', async (_what, make) => {
		await expectGrowth(
			prepared(make, (text) => [readTextCalls(text, ['get_time']), mayBecomeCall(text)]),
			10_000,
		);
	});

	test.each<[string, number, (size: number) => string]>([
		[
			'models',
			400,
			(n) => JSON.stringify({ data: times(n, (i) => ({ id: `m-${(i * 7919) % n}` })) }),
		],
		[
			'long names',
			100,
			(n) => JSON.stringify({ data: times(n, (i) => ({ id: 'é'.repeat(200) + i })) }),
		],
		['no models', 900, (n) => JSON.stringify({ data: times(n, () => ({ id: 7, created: 'x' })) })],
		[
			'wrong fields',
			400,
			(n) => JSON.stringify({ data: times(n, () => ({ id: 'm', created: 'x', owned_by: 7 })) }),
		],
	])('in the list of models: %s', async (_what, size, make) => {
		await expectGrowth(prepared(make, readModelList), size);
	});

	test('in the catalogue of the control plane', async () => {
		const make = (n: number) =>
			JSON.stringify({ models: times(n, (i) => ({ id: `m-${i}`, endpoints: [{ endpoint: i }] })) });
		await expectGrowth(prepared(make, readCatalogueOf), 400);
	});

	test('in the headers', async () => {
		// no more than 16 KB of headers come through undici
		const headers = (size: number) =>
			Object.fromEntries(times(size, (i) => [`x-ratelimit-reset-${i}`, '1795290338']));
		const all = new Map<number, Record<string, string>>();
		await expectGrowth((size) => {
			if (!all.has(size)) all.set(size, headers(size));
			const given = all.get(size) as Record<string, string>;
			return times(100, () => retryAfter(given, 429));
		}, 40);
	});

	test('in a conversation', async () => {
		const item = (index: number) =>
			index % 2 === 0
				? { ...functionCall('f', '{}', `call_${index}`), caller: null }
				: { role: 'assistant', content: times(5, () => ({ type: 'output_text', text: 'Hi' })) };
		await expectGrowth((size) => fitHistory(times(size, item)), 1_000);
	});

	test('where the key is looked for', async () => {
		const secrets = new Secrets(KEY);
		await expectGrowth((size) => {
			secrets.hide('语'.repeat(size));
			secrets.hide('sk-do-'.repeat(size));
			secrets.hideIn(times(size, () => ({ [KEY]: [KEY] })));
		}, 1_000);
	});
});

/** The input is made once for each size: only its reading counts. */
function prepared(make: (size: number) => string, read: (text: string) => unknown): Read {
	const texts = new Map<number, string>();
	return (size) => {
		const text = texts.get(size) ?? make(size);
		texts.set(size, text);
		return read(text);
	};
}
