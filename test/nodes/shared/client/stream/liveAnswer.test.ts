/** What is heard of an answer while it is written is what the response says at its end. */
import fc from 'fast-check';

import {
	type GradientResponse,
	readResponse,
} from '../../../../../nodes/shared/client/response/response';
import { CALL_LIMIT } from '../../../../../nodes/shared/client/response/textCalls';
import type { Listeners } from '../../../../../nodes/shared/client/stream/delta';
import { LiveAnswer } from '../../../../../nodes/shared/client/stream/liveAnswer';
import { message, reasoning, responseOf } from '../../../../support/responses';
import { DONE, frame, typedEvents } from '../../../../support/streams';
import { cut, sizes } from './randomSupport';
import { listen } from './support';

type Item = ReturnType<typeof message>;

const tools = [{ type: 'function' as const, name: 'get_weather' }];
const CALL = '<tool_call>{"name": "get_weather", "arguments": {"city": "Oslo"}}</tool_call>';

const typed = (...output: Item[]) => typedEvents(responseOf(output)).map(frame).join('');

const chat = (text: string, size: number) => {
	const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
	const chunk = (delta: object, finish_reason: string | null) =>
		frame({ choices: [{ index: 0, delta: delta as Item, finish_reason }] });
	return pieces.map((content) => chunk({ content }, null)).join('') + chunk({}, 'stop') + DONE;
};

const heard = async (sent: string, request = {}) => await listen([Buffer.from(sent)], request);

describe('Of an answer it is heard', () => {
	test('thoughts in tags as thoughts, and the text from its first line on', async () => {
		for (const size of [1, 2, 3, 7, 100]) {
			const { said, thought } = await heard(chat('<think>\nHm.\n</think>\n\n Hi\n\nyou', size));
			expect([thought, said]).toEqual(['\nHm.\n', ' Hi\n\nyou']);
		}
	});

	test('thoughts of both kinds with an empty line between them', async () => {
		const { thought, said } = await heard(
			typed(reasoning('First.'), message('<think>Then.</think>Hi')),
		);
		expect([thought, said]).toEqual(['First.\n\nThen.', 'Hi']);
	});

	test('the thoughts of several items with an empty line between them, but not blank ones', async () => {
		const thoughts = ['One.', '\n', '', 'Two.'].map((text, i) =>
			reasoning(text, { id: `rs_${i}` }),
		);
		const { thought, response } = await heard(typed(...thoughts, message('Hi')));
		expect(thought).toBe('One.\n\nTwo.');
		expect(response.reasoning).toBe(thought);
	});

	test('commentary and answer, both', async () => {
		const output = [
			message('Let me see.', { phase: 'commentary' }),
			message('21 °C.', { id: 'msg_2' }),
		];
		const { said, response } = await heard(typed(...output));
		expect(said).toBe('Let me see.\n\n21 °C.');
		expect(response).toMatchObject({ text: '21 °C.', commentary: 'Let me see.', spoken: said });
	});

	test('nothing of a call that came as text, and what came behind it at the end', async () => {
		const { said, saidInAll, response } = await heard(chat(`${CALL}\nI asked.`, 5), { tools });
		expect([said, saidInAll, response.text]).toEqual(['', 'I asked.', 'I asked.']);
	});

	test('what was no call after all, at the end', async () => {
		const broken = CALL.replace('{"city"', '{city');
		const { said, saidInAll } = await heard(chat(broken, 5), { tools });
		expect([said, saidInAll]).toEqual(['', broken]);
	});

	test('at once what begins like a call where no tool was offered', async () => {
		expect((await heard(chat(CALL, 5))).said).toBe(CALL);
	});

	test('at once what only begins like a call', async () => {
		const text = `functions.php is a file. ${'It holds functions. '.repeat(20)}`;
		const { said, saidInAll } = await heard(chat(text, 5), { tools });
		expect([said, saidInAll]).toEqual([text, text]);
	});

	test('what is longer than any call', async () => {
		const text = `<tool_call>${'x'.repeat(CALL_LIMIT + 100)}`;
		expect((await heard(chat(text, 1_000), { tools })).said).toBe(text);
	});

	test('nothing, as long as it may be a call', async () => {
		const text = `<tool_call>${'x'.repeat(CALL_LIMIT)}`;
		const begun = text.slice(0, CALL_LIMIT);
		expect((await heard(chat(begun, 1_000), { tools })).said).toBe('');
		expect((await heard(chat(text.slice(0, CALL_LIMIT + 1), 1_000), { tools })).said).toBe(
			text.slice(0, CALL_LIMIT + 1),
		);
	});

	test('what the last event alone tells, at the end', async () => {
		const response = responseOf([message('Hi')]);
		const { said, saidInAll } = await heard(frame({ type: 'response.completed', response }));
		expect([said, saidInAll]).toEqual(['', 'Hi']);
	});
});

describe('At the end of an answer', () => {
	/** What is told at the end, once this was told. */
	function toldAtEnd(said: string, response: Partial<GradientResponse>, heard: Listeners = {}) {
		let told = '';
		const live = new LiveAnswer({ ...heard, onText: (text) => (told = text) }, {});
		if (said) live.listeners.onText?.(said);
		told = '';
		live.end({ text: '', ...response } as GradientResponse);
		return told;
	}

	test('the rest of it is told, and nothing where it says something else', () => {
		expect(toldAtEnd('Hel', { text: 'Hello' })).toBe('lo');
		expect(toldAtEnd('Hello', { text: 'Hello' })).toBe('');
		expect(toldAtEnd('Hello', { text: 'Oh, Hello' })).toBe('');
		expect(toldAtEnd('Hel', { text: 'lo', spoken: 'Hello' })).toBe('lo');
	});

	test('a call that cannot be read is kept from whoever may ask once more', () => {
		const callAsText = CALL;
		const kept = { isUnreadKept: true };
		expect(toldAtEnd('', { text: CALL, callAsText }, kept)).toBe('');
		expect(toldAtEnd('', { text: CALL, callAsText })).toBe(CALL);
		expect(toldAtEnd('', { text: 'Hello' }, kept)).toBe('Hello');
	});

	test('such a call is told where a text before it was', () => {
		const response = { text: `Hi ${CALL}`, callAsText: CALL };
		expect(toldAtEnd('Hi ', response, { isUnreadKept: true })).toBe(CALL);
	});
});

describe('However a text is cut, in either dialect', () => {
	const piece = fc.constantFrom(
		...[
			'<think>',
			'</think>',
			'<',
			'</',
			'\n',
			' ',
			'a',
			'Hm.',
			'<tool_call>',
			'</tool_call>',
			CALL,
		],
		...['{"name": "get_weather", "arguments": {}}', '[TOOL_CALLS]', 'functions.get_weather', '{}'],
	);

	test('the response is that of an answer in one piece, and all of it is heard, once', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.array(piece, { maxLength: 6 }), { minLength: 1, maxLength: 3 }),
				fc.boolean(),
				fc.boolean(),
				fc.integer({ min: 1, max: 9 }),
				sizes,
				async (texts, isChat, offers, size, chunks) => {
					const messages = texts.map((one, i) => message(one.join(''), { id: `msg_${i}` }));
					const whole = texts.flat().join('');
					const request = offers ? { tools } : {};
					const plain = readResponse(
						isChat ? { choices: [{ message: { content: whole } }] } : responseOf(messages),
						request,
					);
					const sent = isChat ? chat(whole, size) : typed(...messages);
					const streamed = await listen(cut(Buffer.from(sent), chunks), request);

					const { response, saidInAll, thought } = streamed;
					const pick = (one: typeof response) => ({
						text: one.text,
						reasoning: one.reasoning,
						calls: one.toolCalls.map(({ name, arguments: args }) => [name, args]),
						callAsText: one.callAsText,
					});
					expect(pick(response)).toEqual(pick(plain));
					expect(saidInAll).toBe(response.text);
					expect(thought).toBe(response.reasoning ?? '');
				},
			),
			{ numRuns: 1_000 },
		);
	});
});
