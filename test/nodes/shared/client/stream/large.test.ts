import { eventStream } from '../../../../support/answers';
import { frame } from '../../../../support/streams';
import { failureOf } from '../support';
import { useStreams } from './support';

const { bench, call } = useStreams();

describe('A large stream', () => {
	const delta = (text: string) =>
		frame({ type: 'response.output_text.delta', output_index: 0, delta: text });
	const end = frame({ type: 'response.completed', response: { status: 'completed', output: [] } });

	test('of 100,000 tiny deltas is read', async () => {
		const count = 100_000;
		const thousand = delta('ab').repeat(1_000);
		bench.server.answer(eventStream([...Array<string>(count / 1_000).fill(thousand), end]));
		let pieces = 0;
		const { text } = await call({ onText: () => pieces++ });
		expect(text).toBe('ab'.repeat(count));
		expect(pieces).toBe(count);
	});

	test('of 50 MB in events of 1 MB is read', async () => {
		const megabyte = 'x'.repeat(2 ** 20);
		bench.server.answer(eventStream([...Array<string>(50).fill(delta(megabyte)), end]));
		expect((await call()).text).toHaveLength(50 * 2 ** 20);
	});

	test('with a call of 3 MB is read', async () => {
		const city = 'Paris'.repeat(600_000);
		const call_id = 'call_1';
		const item = { type: 'function_call', call_id, name: 'locate', arguments: '' };
		const place = { output_index: 0 };
		const args = JSON.stringify({ city });
		bench.server.answer(
			eventStream([
				frame({ type: 'response.output_item.added', ...place, item }),
				frame({ type: 'response.function_call_arguments.delta', ...place, delta: args }),
				frame({ type: 'response.output_item.done', ...place, item: { ...item, arguments: args } }),
				end,
			]),
		);
		const { toolCalls } = await call();
		expect(toolCalls).toEqual([{ call_id, name: 'locate', arguments: { city } }]);
	});

	test('of more than 64 MB is refused, with what had come', async () => {
		const megabyte = 'x'.repeat(2 ** 20);
		bench.server.answer(eventStream(Array<string>(80).fill(delta(megabyte)), { then: 'hang' }));
		const { message, details } = await failureOf(call());
		expect(message).toBe('The answer is larger than 64 MB');
		expect(details).toMatchObject({ kind: 'answer', attempts: 1 });
		expect(details.partial?.text).toHaveLength(63 * 2 ** 20);
		await bench.server.until(() => bench.server.requests[0].closedEarly);
	});
});
