/** Streams that no server should send: random bytes, events with random content, events without end. */
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';

import { readStream } from '../../../../../nodes/shared/client/stream/readStream';
import { Deadline } from '../../../../../nodes/shared/client/transport/abort';
import { DONE } from '../../../../support/streams';
import { failureOf } from '../support';
import { cut, sizes } from './randomSupport';
import { listen, outcomeOf } from './support';

describe('Nonsense', () => {
	/** Ends in a response or in the client's own error; anything else is thrown. */
	const survives = async (chunks: Uint8Array[]) => {
		expect(await outcomeOf(chunks)).toContain('"result":{');
		await listen(chunks, { tools: [{ type: 'function', name: 'f' }] }).catch(
			async (error: unknown) => {
				await failureOf(Promise.reject(error as Error));
			},
		);
	};

	test('of random bytes ends in our own error', async () => {
		const bytes = fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 });
		await fc.assert(fc.asyncProperty(bytes, survives), { numRuns: 500 });
	});

	test('in lines that look like events ends in a response or our own error', async () => {
		const type = fc.constantFrom(
			...['created', 'output_item.added', 'output_item.done', 'content_part.done', 'refusal.done'],
			...['output_text.delta', 'output_text.done', 'reasoning_text.delta', 'reasoning_part.done'],
			...['function_call_arguments.delta', 'function_call_arguments.done', 'completed', 'failed'],
			...['incomplete', 'reasoning_summary_text.done', '__proto__.delta', 'constructor.done'],
			...['reasoning_summary_text.delta', 'reasoning_summary_part.added', 'queued', 'cancelled'],
			...['output_text.annotation.added', 'reasoning_summary_part.done'],
		);
		const value = fc.oneof(
			fc.jsonValue({ maxDepth: 2 }),
			fc.constantFrom('message', 'function_call', 'reasoning', 0, 1, -1, 1e300, '', null),
			fc.constantFrom('web_search_call', 'commentary', 'constructor', '__proto__', 'a', 'b'),
			fc.constantFrom('<think>', '</think>', '<tool_call>', '{"name":"f"}', '</tool_call>', '\n'),
			fc.constant([{ type: 'url_citation', url: 'https://a.example', start_index: 1 }]),
			fc.constant([{ type: 'output_text', text: 'Hi' }]),
		);
		const some = <K extends string>(...keys: K[]) =>
			fc.record(Object.fromEntries(keys.map((key) => [key, value])), { requiredKeys: [] });
		const nested = fc.oneof(
			value,
			some('type', 'id', 'call_id', 'name', 'arguments', 'content', 'summary', 'text', 'status'),
			some('type', 'phase', 'action', 'query', 'queries', 'annotations', 'refusal', 'url'),
			some('id', 'output', 'usage', 'status', 'error', 'choices', 'output_text', 'created_at'),
		);
		const event = fc.record(
			{
				type: fc.oneof(
					type.map((name) => `response.${name}`),
					fc.constant('error'),
					value,
				),
				output_index: value,
				item_id: value,
				summary_index: value,
				annotation: nested,
				delta: value,
				text: value,
				item: nested,
				part: nested,
				response: fc.oneof(nested, fc.record({ output: fc.array(nested), usage: value })),
				choices: fc.oneof(
					value,
					fc.array(
						fc.record(
							{
								index: value,
								delta: some('content', 'reasoning', 'refusal', 'annotations', 'tool_calls'),
								finish_reason: value,
							},
							{ requiredKeys: [] },
						),
					),
				),
				error: fc.option(value, { freq: 20 }),
			},
			{ requiredKeys: [] },
		);
		const line = fc.oneof(
			{ weight: 6, arbitrary: event.map((data) => `data: ${JSON.stringify(data)}\n\n`) },
			type.map((name) => `event: response.${name}\n`),
			fc.string().map((words) => `data: ${words}\n`),
			fc.constantFrom('\n', '\r', ': ping\n', 'id\n', 'data\n', '{"error":1}\n', DONE),
		);
		await fc.assert(
			fc.asyncProperty(fc.array(line, { maxLength: 12 }), sizes, async (lines, chunks) => {
				await survives(cut(Buffer.from(lines.join('')), chunks));
			}),
			{ numRuns: 1_000 },
		);
	});

	test.each([
		['one line that never ends', 'data: ', 'x'.repeat(2 ** 20)],
		['data lines without an end of the event', '', `data: ${'x'.repeat(2 ** 20 - 7)}\n`],
	])('of %s is refused at 16 MB', async (_what, begin, more) => {
		let sent = 0;
		async function* endless() {
			yield Buffer.from(begin);
			for (const chunk = Buffer.from(more); ; sent++) {
				// as from a socket: not all at once
				await setImmediate();
				yield chunk;
			}
		}
		let sentUntilFailure = 0;
		const nameFailure = (reason: unknown) => {
			sentUntilFailure = sent;
			return reason;
		};
		const deadline = new Deadline();
		const error = await failureOf(readStream(endless(), { deadline, nameFailure }));
		deadline.release();
		expect(error.message).toBe('The stream holds an event of more than 16 MB');
		expect(error.details.kind).toBe('answer');
		expect(Math.abs(sentUntilFailure - 16)).toBeLessThanOrEqual(1);

		// and nobody reads on behind the caller's back
		const sentUntilReturn = sent;
		await sleep(20);
		expect(sent).toBeLessThanOrEqual(sentUntilReturn + 1);
	});
});
