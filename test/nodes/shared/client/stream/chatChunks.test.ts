/** Chat chunks, and what they fold to. Some are made at random. */
import fc from 'fast-check';

import type { JsonObject } from '../../../../../nodes/shared/client/json';
import { MAX_KEYS } from '../../../../../nodes/shared/client/limits';
import { readResponse } from '../../../../../nodes/shared/client/response/response';
import { ChatChunks } from '../../../../../nodes/shared/client/stream/chatChunks';
import { times } from '../../../../support/cost';
import { DONE, frame } from '../../../../support/streams';
import {
	type Json,
	USAGE,
	cut,
	inPieces,
	interleave,
	pick,
	picks,
	sizes,
	text,
} from './randomSupport';
import { read } from './support';

const folded = (...chunks: JsonObject[]) => {
	const all = new ChatChunks();
	for (const chunk of chunks) all.add(chunk);
	return all;
};

/** A chunk of one choice. */
const chunk = (delta: JsonObject, more: JsonObject = {}): JsonObject => ({
	choices: [{ index: 0, delta, ...more }],
});

const choicesOf = (...chunks: JsonObject[]) => folded(...chunks).toBody()?.choices as JsonObject[];

const messageOf = (...chunks: JsonObject[]) => choicesOf(...chunks)[0].message as JsonObject;

const callsOf = (...pieces: unknown[]) =>
	messageOf(...pieces.map((piece) => chunk({ tool_calls: [piece] }))).tool_calls as JsonObject[];

const namesOf = (...pieces: unknown[]) =>
	callsOf(...pieces).map(({ function: fn }) => (fn as JsonObject).name);

const picture = { type: 'image_url', image_url: { url: 'https://a.example/1.png' } };
const citation = { type: 'url_citation', url: 'https://a.example' };

describe('The body of chat chunks', () => {
	test('of a text has nothing that did not come', () => {
		const body = folded(chunk({ content: 'Hel' }), chunk({ content: 'lo' })).toBody();
		expect(body).toStrictEqual({
			object: 'response',
			choices: [
				{ index: 0, finish_reason: null, message: { role: 'assistant', content: 'Hello' } },
			],
		});
	});

	test('has all that came', () => {
		const call = { index: 0, id: 'call_1', function: { name: 'f', arguments: '{}' } };
		const body = folded(
			chunk({ content: 'See ', reasoning_content: 'Hm', annotations: [citation] }),
			chunk({ content: [picture, { type: 'text', text: 'here' }], tool_calls: [call] }),
			chunk({ refusal: 'No more' }, { finish_reason: 'tool_calls' }),
			{ id: 'resp_1', object: 'response.chunk', choices: [], usage: USAGE },
		).toBody();
		expect(body).toStrictEqual({
			id: 'resp_1',
			object: 'response',
			choices: [
				{
					index: 0,
					finish_reason: 'tool_calls',
					message: {
						role: 'assistant',
						content: [{ type: 'text', text: 'See here' }, picture],
						refusal: 'No more',
						reasoning_content: 'Hm',
						annotations: [citation],
						tool_calls: [{ id: 'call_1', type: 'function', function: call.function }],
					},
				},
			],
			usage: USAGE,
		});
	});

	test('is none where no chunk came', () => {
		expect(new ChatChunks().toBody()).toBeUndefined();
	});

	test('has an empty answer where no choice came', () => {
		const message = { role: 'assistant', content: '' };
		expect(choicesOf({ choices: [] })).toEqual([{ index: 0, finish_reason: null, message }]);
	});

	test('has 10,000 keys of the chunks, each as it came first', () => {
		const keys = times(MAX_KEYS - 1, (i): [string, number] => [`key_${i}`, i]);
		const body = folded(
			{ ...Object.fromEntries(keys), choices: [] },
			{ key_0: 'again', key_9999: 9_999, key_10000: 10_000, choices: [] },
		).toBody();
		expect(body).toMatchObject({ key_0: 0, key_9998: 9_998, key_9999: 9_999 });
		expect(body).not.toHaveProperty('key_10000');
	});
});

describe('The choices', () => {
	const text = (index: number | undefined, content: string, more: JsonObject = {}): JsonObject => ({
		choices: [{ index, delta: { content }, ...more }],
	});
	const textsOf = (choices: JsonObject[]) =>
		choices.map(({ index, message }) => [index, (message as JsonObject).content]);

	test('stand in the order of their numbers', () => {
		expect(textsOf(choicesOf(text(10, 'c'), text(2, 'b'), text(1, 'a'), text(2, 'b')))).toEqual([
			[1, 'a'],
			[2, 'bb'],
			[10, 'c'],
		]);
	});

	test('without a number are the first one, and heard', () => {
		const chunks = new ChatChunks();
		expect(chunks.add(text(undefined, 'Hi'))).toEqual({ text: 'Hi', reasoning: '' });
		expect(textsOf(chunks.toBody()?.choices as JsonObject[])).toEqual([[0, 'Hi']]);
	});

	test('are heard only of the first', () => {
		const chunks = new ChatChunks();
		const delta = { content: 'a', reasoning_content: 'b' };
		const other = { content: 'c', reasoning_content: 'd' };
		expect(
			chunks.add({
				choices: [
					{ index: 1, delta },
					{ index: 2, delta: other },
				],
			}),
		).toEqual({ text: 'a', reasoning: 'b' });
	});

	test('are 128 at most', () => {
		expect(textsOf(choicesOf(text(0, 'a'), text(127, 'b'), text(128, 'c')))).toEqual([
			[0, 'a'],
			[127, 'b'],
		]);
	});

	test('that are none are passed over', () => {
		const chunks = folded({ choices: [null, 'text', 5, { delta: { content: 'Hi' } }] });
		expect(textsOf(chunks.toBody()?.choices as JsonObject[])).toEqual([[0, 'Hi']]);
	});

	test('have ended when all have', () => {
		const end = { finish_reason: 'stop' };
		expect(folded(text(0, 'a', end), text(1, 'b')).isFinished).toBe(false);
		expect(folded(text(0, 'a', end), text(1, 'b'), text(1, '', end)).isFinished).toBe(true);
		expect(folded({ choices: [] }).isFinished).toBe(false);
	});

	test.each([null, '', true, 1, {}])(
		'have not ended with the finish reason %j',
		(finish_reason) => {
			const chunks = folded(text(0, 'a', { finish_reason }));
			expect(chunks.isFinished).toBe(false);
			expect(chunks.toBody()).toMatchObject({ choices: [{ finish_reason: null }] });
		},
	);
});

describe('The calls', () => {
	test('that are none are passed over, and so is a list that is none', () => {
		expect(namesOf(null, 'text', 5, { id: 'call_1', function: { name: 'f' } })).toEqual(['f']);
		expect(messageOf(chunk({ tool_calls: 'text' }))).not.toHaveProperty('tool_calls');
	});

	test('stand in the order of their index, or else as they came', () => {
		const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ id: name, function: { name } }));
		expect(namesOf({ index: 1, ...b }, { index: 0, ...a }, { index: 2, ...c })).toEqual([
			'a',
			'b',
			'c',
		]);
		expect(namesOf(b, a, c)).toEqual(['b', 'a', 'c']);
		// the second of two, and so before the third
		expect(namesOf({ index: 2, ...c }, b)).toEqual(['b', 'c']);
	});

	test('take from later pieces only what is a text', () => {
		const begun = { index: 0, id: 'call_1', function: { name: 'f', arguments: '{"a"' } };
		const nothing = { index: 0, id: null, function: { name: null, arguments: null } };
		const rest = { index: 0, id: 5, function: { name: 5, arguments: ':1}' } };
		expect(callsOf(nothing, begun, nothing, rest)).toEqual([
			{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
		]);
		expect(callsOf({ index: 0, id: 5, function: { name: 5, arguments: 5 } })).toEqual([
			{ id: '', type: 'function', function: { name: '', arguments: '' } },
		]);
	});
});

describe('What is kept of chat chunks', () => {
	const calls = [{ index: 0 }, { index: 1 }, { index: 2 }];

	test('counts calls, parts that are no text, and annotations as entries', () => {
		const { entries } = folded(
			chunk({ content: [picture, 'text'], annotations: [citation, citation], tool_calls: calls }),
			{ choices: [{ index: 1, delta: { content: [picture, picture, picture] } }] },
		);
		expect(entries).toBe(9);
	});

	test('counts keys, parts and annotations as what is kept as it came', () => {
		const { kept } = folded(
			{ ...chunk({ content: [picture], annotations: [citation, citation] }), id: 'a', model: 'b' },
			{ choices: [{ index: 1, delta: { content: 'text', tool_calls: calls } }] },
			{ choices: [{ index: 1, delta: { content: [picture] } }] },
		);
		expect(kept).toBe(6);
	});
});

describe('Chat chunks', () => {
	const call = fc.record({ city: text, size: fc.integer({ min: 1, max: 5 }) });

	test('fold to the same response, however text, reasoning and calls are interleaved', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.string({ unit: 'grapheme' }),
				fc.string({ unit: 'grapheme' }),
				fc.array(call, { maxLength: 3 }),
				fc.boolean(),
				fc.boolean(),
				picks,
				sizes,
				async (content, thought, calls, hasUsage, hasDone, order, chunks) => {
					const chunk = (delta: Json, finish_reason: string | null = null): Json => ({
						choices: [{ index: 0, delta, finish_reason }],
						...(hasUsage && { usage: null }),
					});
					const lists = [
						inPieces(content, 3).map((piece) => chunk({ content: piece })),
						inPieces(thought, 4).map((piece) => chunk({ reasoning_content: piece })),
						...calls.map(({ city, size }, index) => {
							const begun = { index, id: `call_${index}`, type: 'function' };
							const name = 'get_weather';
							return [
								chunk({ tool_calls: [{ ...begun, function: { name, arguments: '' } }] }),
								...inPieces(JSON.stringify({ city }), size).map((piece) =>
									chunk({ tool_calls: [{ index, function: { arguments: piece } }] }),
								),
							];
						}),
					];
					const finish = calls.length > 0 ? 'tool_calls' : 'stop';
					const events = [...interleave(lists, order), chunk({}, finish)];
					if (hasUsage) events.push({ choices: [], usage: USAGE });
					const sent = events.map(frame).join('') + (hasDone ? DONE : '');

					const answer = readResponse(await read(cut(Buffer.from(sent), chunks)));
					expect({ ...pick(answer), finish: answer.finishReason }).toEqual({
						text: content,
						refusal: null,
						searches: undefined,
						reasoning: thought.trim() ? thought : null,
						toolCalls: calls.map(({ city }, index) => ({
							call_id: `call_${index}`,
							name: 'get_weather',
							arguments: { city },
						})),
						total: hasUsage ? 13 : null,
						finish,
					});
				},
			),
			{ numRuns: 300 },
		);
	});
});
