/** What is heard of an answer while it is written. */
import type { IDataObject } from 'n8n-workflow';

import { quirks, wellFormed } from '../../../../fixtures/streams';
import { type Answer, eventStream, json } from '../../../../support/answers';
import { functionCall, message, reasoning, responseOf } from '../../../../support/responses';
import { DONE, frame, typedEvents } from '../../../../support/streams';
import { TYPED, useStreams } from './support';

const { bench, call, sayings } = useStreams();

async function heard(answer: Answer) {
	const pieces: string[] = [];
	bench.server.answer(answer);
	await call({
		onText: (text) => pieces.push(`text ${text}`),
		onReasoning: (text) => pieces.push(`thought ${text}`),
	});
	return pieces;
}

const typed = (...output: IDataObject[]) => eventStream(typedEvents(responseOf(output)).map(frame));

const chunk = (delta: IDataObject, finish_reason: string | null = null) =>
	frame({ id: 'resp_1', object: 'response.chunk', choices: [{ index: 0, delta, finish_reason }] });

test('Typed events tell thoughts and text apart, and nothing of calls', async () => {
	const output = [reasoning('Hm, hm, hm'), message('Hello'), functionCall('f', '{"text":"x"}')];
	expect(await heard(typed(...output))).toEqual(['thought Hm, hm, ', 'thought hm', 'text Hello']);
});

test('Chat chunks tell thoughts and text apart, also in one chunk', async () => {
	const frames = [
		chunk({ role: 'assistant', reasoning_content: 'Hm' }),
		chunk({ reasoning_content: ', so', content: 'Hel' }),
		chunk({ content: 'lo', tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{}' } }] }),
		chunk({}, 'stop'),
		DONE,
	];
	expect(await heard(eventStream(frames))).toEqual([
		'thought Hm',
		'thought , so',
		'text Hel',
		'text lo',
	]);
});

test('A summary is heard where the thoughts themselves are not told', async () => {
	const frames = [
		{ type: 'response.created', response: { id: 'resp_1' } },
		{ type: 'response.output_item.added', output_index: 0, item: { type: 'reasoning' } },
		{ type: 'response.reasoning_summary_text.delta', output_index: 0, delta: 'In short' },
		{ type: 'response.reasoning_summary_text.done', output_index: 0, text: 'In short' },
		{ type: 'response.completed', response: responseOf([message('Hi')]) },
	].map(frame);
	expect(await heard(eventStream(frames))).toEqual(['thought In short', 'text Hi']);
});

test('Of an answer in one piece the text is heard as one', async () => {
	const answer = json(responseOf([reasoning('Hm'), message('Hello')]));
	expect(await heard(answer)).toEqual(['text Hello']);
});

describe('What is said adds up to the text', () => {
	const whole = [...wellFormed, ...quirks].filter(({ expected }) => !expected.said);

	test.each(whole)('of $name', async ({ bytes }) => {
		bench.server.answer(
			eventStream(
				bytes
					.toString('latin1')
					.split(/(?<=\n\n)/)
					.map(latin1),
			),
		);
		const { said, text } = await sayings();
		expect(said.join('')).toBe(text);
	});

	const latin1 = (part: string) => Buffer.from(part, 'latin1');

	test('as it comes, piece by piece', async () => {
		bench.server.answer(eventStream(TYPED));
		expect((await sayings()).said).toEqual(['The capi', 'tal of F', 'rance is', ' **Paris', '**.']);
	});
});
