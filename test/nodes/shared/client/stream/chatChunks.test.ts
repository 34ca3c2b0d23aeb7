/** Chat chunks made at random. */
import fc from 'fast-check';

import { readResponse } from '../../../../../nodes/shared/client/response/response';
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

					const folded = readResponse(await read(cut(Buffer.from(sent), chunks)));
					expect({ ...pick(folded), finish: folded.finishReason }).toEqual({
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
