import { readChatContent } from '../../../../../nodes/shared/client/response/chatContent';

const nothing = { text: '', refusal: '', reasoning: '', others: [] };

describe('A message of chat completions', () => {
	test.each<[string, object, object]>([
		['a text', { content: 'Hi' }, { text: 'Hi' }],
		['null', { content: null }, {}],
		['nothing', {}, {}],
		['a number', { content: 7 }, {}],
		['an object', { content: { text: 'Hi' } }, {}],
		['texts in a list', { content: ['H', 'i'] }, { text: 'Hi' }],
		[
			'parts',
			{
				content: [
					{ type: 'text', text: 'H' },
					{ type: 'output_text', text: 'i' },
				],
			},
			{ text: 'Hi' },
		],
		['parts without a type', { content: [{ text: 'H' }, { type: '', text: 'i' }] }, { text: 'Hi' }],
		['unreadable parts', { content: [null, 7, [], { type: 'text' }] }, {}],
		['a refusal beside it', { content: null, refusal: 'No.' }, { refusal: 'No.' }],
		['a refusal in a part', { content: [{ type: 'refusal', refusal: 'No.' }] }, { refusal: 'No.' }],
		['thoughts by the older name', { reasoning_content: 'Hm' }, { reasoning: 'Hm' }],
		['thoughts by the newer name', { reasoning: 'Hm' }, { reasoning: 'Hm' }],
		['thoughts by both names', { reasoning: 'Hm', reasoning_content: 'Hm' }, { reasoning: 'Hm' }],
		[
			'thoughts of which one name is empty',
			{ reasoning: 'Hm', reasoning_content: '' },
			{ reasoning: 'Hm' },
		],
		['settings by that name', { content: 'Hi', reasoning: { effort: 'low' } }, { text: 'Hi' }],
		[
			'thoughts of Mistral',
			{
				content: [
					{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] },
					{ type: 'text', text: 'Hi' },
				],
			},
			{ text: 'Hi', reasoning: 'Hm' },
		],
		[
			'thoughts in several parts',
			{
				content: [
					{ type: 'thinking', thinking: ['H', { text: 'm' }, 7] },
					{ type: 'reasoning_text', text: '.' },
				],
			},
			{ reasoning: 'Hm.' },
		],
		[
			'thoughts in a part',
			{ content: [{ type: 'reasoning', reasoning: 'Hm' }] },
			{ reasoning: 'Hm' },
		],
	])('may have %s', (_what, message, said) => {
		expect(readChatContent(message)).toEqual({ ...nothing, ...said });
	});

	test('keeps what it does not know', () => {
		const image = { type: 'image_url', image_url: {} };
		expect(readChatContent({ content: [image, { text: 'Hi' }] })).toEqual({
			...nothing,
			text: 'Hi',
			others: [image],
		});
	});
});
