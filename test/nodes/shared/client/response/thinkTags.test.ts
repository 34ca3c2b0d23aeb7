import fc from 'fast-check';

import { readResponse } from '../../../../../nodes/shared/client/response/response';
import { ThinkTags } from '../../../../../nodes/shared/client/response/thinkTags';
import { message, reasoning, responseOf, textResponse } from '../../../../support/responses';

/** What is told of a text in pieces: the thoughts, and the rest. */
function tell(pieces: string[]) {
	const tags = new ThinkTags();
	const told = [...pieces.map((piece) => tags.add(piece)), tags.end()];
	return {
		text: told.map(({ text }) => text).join(''),
		reasoning: told.map((one) => one.reasoning).join(''),
	};
}

const cases: Array<[what: string, text: string, reasoning: string, rest: string]> = [
	['at the beginning', '<think>Hm.</think>Hi', 'Hm.', 'Hi'],
	['behind blanks and line breaks', ' \n\n<think>Hm.</think>Hi', 'Hm.', 'Hi'],
	['of several lines', '<think>\nHm.\n\nSo.\n</think>\n\nHi', '\nHm.\n\nSo.\n', '\n\nHi'],
	['that are empty', '<think></think>Hi', '', 'Hi'],
	['that have just begun', '<think>', '', ''],
	['that never close', '<think>Hm. So', 'Hm. So', ''],
	['that end within the closing tag', '<think>Hm.</thi', 'Hm.</thi', ''],
	['around a tag', '<think>a <think> b</think>Hi', 'a <think> b', 'Hi'],
	['around what is no tag', '<think>a < b </ c</think>Hi', 'a < b </ c', 'Hi'],
	[
		'once; a second time they are text',
		'<think>a</think><think>b</think>',
		'a',
		'<think>b</think>',
	],
	['not further on', 'Hi <think>Hm.</think>', '', 'Hi <think>Hm.</think>'],
	['not where only the closing one is', 'Hm.</think>Hi', '', 'Hm.</think>Hi'],
	['not of another name', '<thinking>Hm.</thinking>', '', '<thinking>Hm.</thinking>'],
	['not where the text ends within the tag', '<thin', '', '<thin'],
	['not in blanks', ' \n ', '', ' \n '],
];

describe('Thoughts in tags are told apart', () => {
	test.each(cases)('%s', (_what, text, thought, rest) => {
		expect(tell([text])).toEqual({ reasoning: thought, text: rest });
		expect(tell([...text])).toEqual({ reasoning: thought, text: rest });
	});

	test('wherever the text is cut', () => {
		const piece = fc.constantFrom('<think>', '</think>', '<', '</', 'think>', '\n', ' ', 'a');
		fc.assert(
			fc.property(fc.array(piece), fc.array(fc.nat(9)), (pieces, sizes) => {
				const text = pieces.join('');
				const cut: string[] = [];
				for (let at = 0, i = 0; at < text.length; i++) {
					const end = at + 1 + (sizes[i % sizes.length] ?? 0);
					cut.push(text.slice(at, end));
					at = end;
				}
				expect(tell(cut)).toEqual(tell([text]));
			}),
		);
	});

	test('as they come, but for what may be the closing tag', () => {
		const tags = new ThinkTags();
		const told = ['<think>Hm. ', 'So</th', 'e</', 'think', '>Hi'].map((piece) => tags.add(piece));
		expect(told.map(({ reasoning: thought, text }) => [thought, text])).toEqual([
			['Hm. ', ''],
			['So', ''],
			['</the', ''],
			['', ''],
			['', 'Hi'],
		]);
	});

	test('where less than 1,000 blanks stand before them', () => {
		const after = (blanks: number) => {
			const tags = new ThinkTags();
			return [tags.add(' '.repeat(blanks)).text.length, tags.add('<think>Hm').reasoning];
		};
		expect(after(999)).toEqual([0, 'Hm']);
		expect(after(1_000)).toEqual([1_000, '']);
	});

	test('in no time, however long the text goes on without a tag', () => {
		const tags = new ThinkTags();
		const blank = ' '.repeat(100);
		let told = '';
		for (let i = 0; i < 20_000; i++) told += tags.add(blank).text;
		expect(told.length).toBeGreaterThan(1_900_000);
	});
});

describe('A response whose text begins with thoughts in tags', () => {
	test('has them in its reasoning, and its text begins with its first line', () => {
		const body = textResponse('<think>\nHm.\n</think>\n\n  Hi\n');
		const response = readResponse(body);
		expect(response).toMatchObject({ reasoning: '\nHm.\n', text: '  Hi\n', finishReason: 'stop' });
		expect(response.body).toBe(body);
		expect(response.outputAsInput).toEqual([
			{ type: 'reasoning', content: [{ type: 'reasoning_text', text: '\nHm.\n' }], summary: [] },
			expect.objectContaining({ role: 'assistant', content: '\n\n  Hi\n' }),
		]);
	});

	test('has them behind those that the server told apart', () => {
		const body = responseOf([reasoning('First.'), message('<think>Then.</think>Hi')]);
		expect(readResponse(body)).toMatchObject({ reasoning: 'First.\n\nThen.', text: 'Hi' });
	});

	test('has them wherever its messages are divided', () => {
		const parts = ['<thi', 'nk>H', 'm.</th', 'ink>H', 'i'].map((part) => message(part));
		expect(readResponse(responseOf(parts))).toMatchObject({ reasoning: 'Hm.', text: 'Hi' });
		const cut = ['<think>Hm.</th'].map((part) => message(part));
		expect(readResponse(responseOf(cut))).toMatchObject({ reasoning: 'Hm.</th', text: '' });
	});

	test('has no reasoning where nothing was thought', () => {
		const { reasoning: thought, text } = readResponse(textResponse('<think>\n\n</think>\n\nHi'));
		expect([thought, text]).toEqual([null, 'Hi']);
	});

	test.each([
		['chat completions', { choices: [{ message: { content: '<think>Hm.</think>Hi' } }] }],
		[
			'a text of parts',
			{ choices: [{ message: { content: [{ text: '<think>Hm.</think>Hi' }] } }] },
		],
		['the top level', { output_text: '<think>Hm.</think>Hi' }],
	])('is read so from %s too', (_what, body) => {
		expect(readResponse(body)).toMatchObject({ reasoning: 'Hm.', text: 'Hi' });
	});
});

describe('The text of a response', () => {
	test.each([
		['\n\nHi', 'Hi'],
		[' \r\n\t\n  Hi', '  Hi'],
		['  Hi', '  Hi'],
		['Hi\n\n', 'Hi\n\n'],
		['\n\n', ''],
	])('%j begins with its first line', (text, shown) => {
		expect(readResponse(textResponse(text)).text).toBe(shown);
	});
});
