import * as fc from 'fast-check';

import { findViolations } from '../../../../../nodes/shared/client';
import { fitHistory } from '../../../../../nodes/shared/client/response/history';
import { readResponse } from '../../../../../nodes/shared/client/response/response';
import { refusals } from '../../../../support/strictHistory';

/** Few ids, so that they meet again. */
const id = fc.oneof(
	fc.constantFrom('a', 'b', 'c', 'a_2', 'z'.repeat(70)),
	fc.constantFrom('', null, undefined),
);
const itemId = fc.constantFrom('rs_1', 'rs_2', 'msg_1', 'fc_1', '', null, undefined);
const nonsense = fc.oneof(fc.string(), fc.constant(null), fc.constant(undefined), fc.jsonValue());

const parts = (type: string) =>
	fc.oneof(
		fc.array(fc.record({ type: fc.constant(type), text: fc.string() }), { maxLength: 2 }),
		fc.constantFrom(null, undefined),
	);

const extra = fc.dictionary(fc.constantFrom('phase', 'namespace', 'caller'), nonsense, {
	maxKeys: 2,
});

/** Whatever a model or a server may put into an output. */
const outputItem = fc.oneof(
	fc
		.record({
			id: itemId,
			call_id: id,
			name: fc.oneof(fc.string(), fc.constant(null)),
			arguments: fc.oneof(
				fc.string(),
				fc.json(),
				fc.dictionary(fc.string(), fc.jsonValue()),
				fc.constant(null),
			),
			status: fc.constantFrom('completed', 'incomplete', null),
		})
		.map((item) => ({ type: 'function_call', ...item })),
	fc
		.record({
			id: itemId,
			content: parts('reasoning_text'),
			summary: parts('summary_text'),
			encrypted_content: fc.constantFrom('gAAA', '', null, undefined),
			status: fc.constantFrom('completed', null),
		})
		.map((item) => ({ type: 'reasoning', ...item })),
	fc
		.record({
			id: itemId,
			content: parts('output_text'),
			status: fc.constantFrom('completed', null),
		})
		.map((item) => ({ type: 'message', role: 'assistant', ...item })),
	fc.record({ content: parts('output_text') }),
	fc.record({ id: itemId, query: nonsense }).map((item) => ({ type: 'web_search_call', ...item })),
);

const withExtras = fc.tuple(outputItem, extra).map(([item, more]) => ({ ...more, ...item }));

const userMessage = fc.string().map((content) => ({ role: 'user', content }));
/** A call is known by its `call_id` or its `id`: with neither, nobody could answer it. */
const result = fc
	.record({ call_id: fc.constantFrom('a', 'b', 'c', 'a_2', 'z'.repeat(70)), output: nonsense })
	.map((item) => ({ type: 'function_call_output', ...item }));

const hasCallId = (item: object) =>
	!('name' in item) ||
	Boolean((item as { call_id?: string }).call_id ?? (item as { id?: string }).id);

/** Turns of a conversation, in any order, cut anywhere. */
const history = fc
	.array(fc.oneof(withExtras, withExtras, userMessage, result), { maxLength: 12 })
	.map((items) => items.filter(hasCallId));

test('Whatever is in a history that has a message, the strictest server takes what is sent', () => {
	fc.assert(
		fc.property(history, (items) => {
			const fit = fitHistory([{ role: 'user', content: 'Hi' }, ...items]);
			expect(refusals(typed(fit))).toEqual([]);
			expect(findViolations({ model: 'm', input: fit })).toEqual([]);
		}),
		{ numRuns: 2_000 },
	);
});

test('A history that is fit stays as it is', () => {
	fc.assert(
		fc.property(history, (items) => {
			const fit = fitHistory(items);
			expect(fitHistory(fit)).toStrictEqual(fit);
		}),
		{ numRuns: 1_000 },
	);
});

test('A history cut anywhere is taken', () => {
	fc.assert(
		fc.property(history, fc.nat(12), fc.nat(12), (items, from, to) => {
			const whole = fitHistory([{ role: 'user', content: 'Hi' }, ...items]);
			const cut = fitHistory([...whole.slice(from, to), { role: 'user', content: 'Go on' }]);
			expect(refusals(typed(cut))).toEqual([]);
		}),
		{ numRuns: 1_000 },
	);
});

/** What has nothing of a model is no history, and keeps the user's form. */
const typed = (items: object[]) => items.map((item) => ({ type: 'message', ...item }));

test('Texts, results and order of what is kept are those that came', () => {
	fc.assert(
		fc.property(history, (items) => {
			const fit = fitHistory([{ role: 'user', content: 'Hi' }, ...items]);
			const texts = fit.flatMap((item) =>
				'content' in item && item.type !== 'reasoning' ? [item.content] : [],
			);
			const came = items.flatMap((item) => textOf(item));
			expect(texts).toEqual(['Hi', ...came]);
		}),
		{ numRuns: 1_000 },
	);
});

function textOf(item: object): string[] {
	const { type, role, content } = item as { type?: string; role?: string; content?: unknown };
	if (role === 'user') return [String(content)];
	const isEmpty = !Array.isArray(content) || content.length === 0;
	if ((type !== undefined && type !== 'message') || (type === undefined && isEmpty)) return [];
	return [Array.isArray(content) ? content.map(({ text }: { text: string }) => text).join('') : ''];
}

test('The output of any response goes back after the question, and calls find their results', () => {
	fc.assert(
		fc.property(fc.array(withExtras, { maxLength: 6 }), (output) => {
			const response = readResponse({ output });
			const ids = response.toolCalls.map(({ call_id }) => call_id);
			const results = ids.map((call_id) => ({
				type: 'function_call_output',
				call_id,
				output: 'x',
			}));
			const question = { type: 'message', role: 'user', content: 'Hi' };
			const fit = fitHistory([question, ...response.outputAsInput, ...results]);
			expect(refusals(fit)).toEqual([]);
			expect(fit.filter(({ type }) => type === 'function_call')).toHaveLength(ids.length);
			expect(JSON.stringify(fit)).not.toContain('no result of this call');
		}),
		{ numRuns: 1_000 },
	);
});
