import { readResponse } from '../../../../../nodes/shared/client/response/response';
import { functionCall, message, reasoning } from '../../../../support/responses';

const read = (output: unknown[], rest: object = {}) => readResponse({ output, ...rest });

const choice = (content: unknown, extra: object = {}) => ({
	choices: [{ index: 0, message: { role: 'assistant', content, ...extra } }],
});

describe('The text', () => {
	const textItem = { type: 'text', text: 'from a text item' };
	test.each([
		['message items first', [textItem, message('from a message')], 'from a message'],
		['text items then', [textItem], 'from a text item'],
		[
			'text items beside an empty message',
			[message('', { content: [] }), textItem],
			'from a text item',
		],
		['choices then', [], 'from choices'],
		['choices beside reasoning', [reasoning('Hm')], 'from choices'],
		['choices beside an empty message', [message('', { content: [] })], 'from choices'],
		[
			'not where there is a refusal',
			[message('', { content: [{ type: 'refusal', refusal: 'No.' }] })],
			'',
		],
	])('is taken from %s', (_what, output, text) => {
		const rest = { ...choice('from choices'), output_text: 'from the top' };
		expect(read(output, rest).text).toBe(text);
	});

	test('is taken from the top level in the last place', () => {
		expect(read([], { choices: [], output_text: 'from the top' }).text).toBe('from the top');
		expect(readResponse({ output_text: 'from the top' }).text).toBe('from the top');
	});

	test.each([
		['a text instead of parts', message('', { content: 'Hi' }), 'Hi'],
		['parts of chat completions', message('', { content: [{ type: 'text', text: 'Hi' }] }), 'Hi'],
		['an item without type', { content: [{ type: 'output_text', text: 'Hi' }] }, 'Hi'],
		['an item with an empty type', { type: '', content: [{ text: 'Hi' }] }, 'Hi'],
		['a null part', message('', { content: [null, { type: 'output_text', text: 'Hi' }] }), 'Hi'],
		['a part with null text', message('', { content: [{ type: 'output_text', text: null }] }), ''],
		['a part of another type', message('', { content: [{ type: 'input_image', text: 'x' }] }), ''],
		[
			'reasoning in a message',
			message('', { content: [{ type: 'reasoning_text', text: 'x' }] }),
			'',
		],
		[
			'an item with a name, but nothing of a call',
			{ name: 'Ann', content: [{ type: 'output_text', text: 'Hi' }] },
			'Hi',
		],
		[
			'an item of another type',
			{ type: 'note', content: [{ type: 'output_text', text: 'x' }] },
			'',
		],
		['null content', message('', { content: null }), ''],
		['content of another kind', message('', { content: 7 }), ''],
	])('of %s', (_what, item, text) => {
		expect(read([item]).text).toBe(text);
	});

	test('of the response itself is what the reference documents, and trusted least', () => {
		const rest = { text: 'from text', reasoning: 'Hm' };
		expect(read([], rest)).toMatchObject({ text: 'from text', reasoning: 'Hm' });
		expect(readResponse(rest)).toMatchObject({ text: 'from text', reasoning: 'Hm' });
		expect(read([], { ...rest, output_text: 'from the top' }).text).toBe('from the top');
		expect(read([message('Hi'), reasoning('So')], rest)).toMatchObject({
			text: 'Hi',
			reasoning: 'So',
		});
		const { outputAsInput } = readResponse(rest);
		expect(outputAsInput.map(({ type, content }) => [type, content])).toEqual([
			['reasoning', [{ type: 'reasoning_text', text: expect.any(String) as string }]],
			['message', 'from text'],
		]);
	});

	test('is not the settings that vLLM echoes by those names', () => {
		const rest = { text: { format: { type: 'text' } }, reasoning: { effort: 'low' } };
		expect(read([message('Hi')], rest)).toMatchObject({ text: 'Hi', reasoning: null });
	});

	test('is never an object', () => {
		expect(read([], { text: { format: { type: 'text' } } }).text).toBe('');
		expect(read([{ type: 'text', text: { value: 'x' } }]).text).toBe('');
	});

	test('of chat completions may come in parts', () => {
		const parts = [
			{ type: 'text', text: 'Part 1. ' },
			{ type: 'text', text: 'Part 2.' },
			{ type: 'image_url', text: 'not this' },
		];
		expect(readResponse(choice(parts)).text).toBe('Part 1. Part 2.');
	});

	test('stands before the calls where it came before them', () => {
		const { outputAsInput } = read([
			{ type: 'text', text: 'Let me look.' },
			functionCall('f', '{}'),
		]);
		expect(outputAsInput.map(({ type }) => type)).toEqual(['message', 'function_call']);
	});
});

describe('Unreadable items', () => {
	test('are left out without the others', () => {
		const { text, toolCalls, outputAsInput } = read([
			null,
			'text',
			7,
			[],
			{},
			message('Hi'),
			functionCall('f', ''),
		]);
		expect(text).toBe('Hi');
		expect(toolCalls).toHaveLength(1);
		expect(outputAsInput).toHaveLength(2);
	});
});

describe('Reasoning', () => {
	test.each([
		['content', reasoning('Hm'), 'Hm'],
		['several parts', reasoning('', { content: [{ text: 'H' }, { text: 'm' }] }), 'Hm'],
		['a summary', reasoning('', { summary: [{ type: 'summary_text', text: 'Hm' }] }), 'Hm'],
		[
			// vLLM before PR#24788
			'an item with the id and part type of a message',
			reasoning('', { id: 'msg_1', content: [{ type: 'output_text', text: 'Hm' }] }),
			'Hm',
		],
		['an item without type', { content: [{ type: 'reasoning_text', text: 'Hm' }] }, 'Hm'],
	])('is read from %s, and is no text', (_what, item, text) => {
		const response = read([item, message('Hi')]);
		expect(response).toMatchObject({ reasoning: text, text: 'Hi' });
		expect(response.outputAsInput).toHaveLength(2);
	});

	test('of several items is kept apart by an empty line', () => {
		expect(read([reasoning('One.'), reasoning('Two.')]).reasoning).toBe('One.\n\nTwo.');
	});

	test('without text does not count', () => {
		const blank = [
			reasoning('', { content: [], summary: [] }),
			reasoning('\n\n'),
			reasoning('', { content: null, summary: [{ text: ' ' }] }),
		];
		const response = read([...blank, message('Hi')]);
		expect(response).toMatchObject({ text: 'Hi', reasoning: null });
		expect(read([blank[0], reasoning('Hm'), blank[1]]).reasoning).toBe('Hm');
		expect(response.outputAsInput).toHaveLength(1);
	});

	test('as a summary of several parts has an empty line between them', () => {
		const summary = ['**First** I look.', '', '**Second** I tell.'].map((text) => ({ text }));
		const item = reasoning('', { content: [], summary });
		expect(read([item]).reasoning).toBe('**First** I look.\n\n**Second** I tell.');
	});

	test('as a summary beside blank content has no blank parts', () => {
		const summary = [{ text: null }, { text: ' \n' }, { text: 'Hm' }];
		expect(read([reasoning(' ', { summary })]).reasoning).toBe('Hm');
	});

	test('in an item without type keeps what else is in it', () => {
		const content = [{ type: 'reasoning_text', text: 'Hm' }];
		const item = { id: 'rs_1', content, encrypted_content: 'gAAA' };
		expect(read([item]).outputAsInput).toEqual([{ type: 'reasoning', summary: [], ...item }]);
	});

	test('in an item without type does not hide what is beside it', () => {
		const content = [
			{ type: 'reasoning_text', text: 'Hm' },
			{ type: 'refusal', refusal: 'No.' },
			{ type: 'output_audio' },
		];
		expect(read([{ content }])).toMatchObject({
			reasoning: 'Hm',
			refusal: 'No.',
			otherTypes: ['output_audio'],
		});
	});

	test('that is blank is not looked for less further on', () => {
		expect(read([reasoning('')], choice('Hi', { reasoning: 'Hm' }))).toMatchObject({
			reasoning: 'Hm',
			text: 'Hi',
		});
	});

	test('within a message is told apart from its text', () => {
		const content = [
			{ type: 'reasoning_text', text: 'Hm' },
			{ type: 'output_text', text: 'Hi' },
		];
		expect(read([message('', { content })])).toMatchObject({ text: 'Hi', reasoning: 'Hm' });
		expect(read([{ content }])).toMatchObject({ text: 'Hi', reasoning: 'Hm' });
	});

	test('of chat completions by its newer name is read', () => {
		expect(readResponse(choice('Hi', { reasoning: 'Hm' })).reasoning).toBe('Hm');
	});

	test('of chat completions is read and can be sent again', () => {
		const {
			text,
			reasoning: thought,
			outputAsInput,
		} = readResponse(choice('Hi', { reasoning_content: 'Hm' }));
		expect([thought, text]).toEqual(['Hm', 'Hi']);
		expect(outputAsInput).toStrictEqual([
			{ type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'Hm' }] },
			{ type: 'message', role: 'assistant', content: 'Hi' },
		]);
	});
});

describe('A function call', () => {
	test.each([
		['without arguments', { call_id: 'call_9', name: 'f', arguments: '' }],
		['with arguments', { call_id: 'call_9', name: 'f', arguments: '{}' }],
		['without a call id', { id: 'call_9', name: 'f', arguments: '{}' }],
	])('is recognised though its type is empty: %s', (_what, item) => {
		for (const type of ['', null, undefined]) {
			expect(read([{ type, ...item }])).toMatchObject({
				text: '',
				toolCalls: [{ call_id: 'call_9', name: 'f', arguments: {} }],
				outputAsInput: [{ type: 'function_call', call_id: 'call_9', name: 'f' }],
			});
		}
	});

	test('is named by its id where it has no call id', () => {
		expect(read([functionCall('f', '{}', '', { id: 'fc_7' })]).toolCalls[0].call_id).toBe('fc_7');
	});

	test('gets an id of its own where it has none, so that it can be answered', () => {
		const nameless = functionCall('f', '{}', '', { id: null });
		const rounds = [read([nameless, nameless]), read([nameless])];

		const ids = rounds.flatMap(({ toolCalls }) => toolCalls.map(({ call_id }) => call_id));
		expect(ids).toHaveLength(3);
		expect(new Set(ids.filter(Boolean)).size).toBe(3);
		expect(rounds[0].outputAsInput.map((item) => item.call_id)).toEqual(ids.slice(0, 2));
	});

	test('of chat completions is read, all of them', () => {
		const tool_calls = [
			{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
			{ id: 'call_2', type: '', function: { name: 'g', arguments: { b: 2 } } },
		];
		expect(readResponse(choice('Let me look.', { tool_calls }))).toMatchObject({
			text: 'Let me look.',
			toolCalls: [
				{ call_id: 'call_1', name: 'f', arguments: { a: 1 } },
				{ call_id: 'call_2', name: 'g', arguments: { b: 2 } },
			],
			outputAsInput: [
				{ role: 'assistant', content: 'Let me look.' },
				{ type: 'function_call', call_id: 'call_1', arguments: '{"a":1}' },
				{ type: 'function_call', call_id: 'call_2', arguments: '{"b":2}' },
			],
		});
	});

	test('is none of another kind that looks like it', () => {
		const item = { type: 'custom_tool_call', call_id: 'c', name: 'f', arguments: '{}' };
		expect(read([item])).toMatchObject({ toolCalls: [], otherTypes: ['custom_tool_call'] });
	});

	test('of chat completions is read beside other output', () => {
		const tool_calls = [{ id: 'call_1', function: { name: 'f', arguments: '{}' } }];
		const output = [reasoning('Hm'), message('Hi')];
		expect(read(output, choice(null, { tool_calls })).toolCalls).toHaveLength(1);
	});

	test('of chat completions without its function has no name', () => {
		const { toolCalls } = readResponse(choice(null, { tool_calls: [{ id: 'call_1' }] }));
		expect(toolCalls).toMatchObject([{ call_id: 'call_1', name: '', arguments: {} }]);
	});

	test('of chat completions is not taken twice', () => {
		const tool_calls = [{ id: 'call_1', function: { name: 'f', arguments: '{}' } }];
		const { toolCalls } = read([functionCall('f', '{}')], choice(null, { tool_calls }));
		expect(toolCalls).toHaveLength(1);
	});
});

describe('Choices', () => {
	const choices = [
		{ index: 1, finish_reason: 'length', message: { content: 'Two' } },
		{ index: 0, finish_reason: 'stop', message: { content: 'One' } },
	];

	test('of which there are several are read by the first, and counted', () => {
		expect(readResponse({ choices })).toMatchObject({
			text: 'One',
			finishReason: 'stop',
			otherAnswers: 1,
		});
	});

	test('of which there is one are not counted', () => {
		expect(readResponse({ choices: choices.slice(1) })).not.toHaveProperty('otherAnswers');
	});
});

describe('A refusal', () => {
	test('of chat completions is read, beside the content or in it', () => {
		const parts = [{ type: 'refusal', refusal: 'No.' }];
		for (const body of [choice(null, { refusal: 'No.' }), choice(parts)]) {
			expect(readResponse(body)).toMatchObject({
				text: '',
				refusal: 'No.',
				outputAsInput: [{ role: 'assistant', content: 'No.' }],
			});
		}
	});

	test('is kept apart from the text, and sent again as text where there is no other', () => {
		const refusal = { type: 'refusal', refusal: 'No.' };
		expect(read([message('', { content: [refusal] })])).toMatchObject({
			text: '',
			refusal: 'No.',
			outputAsInput: [{ role: 'assistant', content: 'No.' }],
		});
		const both = message('', { content: [{ type: 'output_text', text: 'Well. ' }, refusal] });
		expect(read([both])).toMatchObject({
			text: 'Well. ',
			refusal: 'No.',
			outputAsInput: [{ role: 'assistant', content: 'Well. ' }],
		});
	});
});
