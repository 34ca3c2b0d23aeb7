import { toStandardBlocks } from '../../../nodes/LmChatGradient/contentBlocks';

const blocks = (...content: unknown[]) => toStandardBlocks(content, (id) => id === 'known');
const image = (value: object) => [
	{ type: 'non_standard', value: { type: 'input_image', ...value } },
];

test.each(['text', 'reasoning', 'tool_call', 'non_standard', 'citation'])(
	'%s, which the SDK reads, stays as it is',
	(type) => {
		expect(blocks({ type, more: 1 })).toEqual([{ type, more: 1 }]);
	},
);

test.each([
	[
		'of chat completions',
		{ type: 'image_url', image_url: { url: 'u', detail: 'low' } },
		{ image_url: 'u', detail: 'low' },
	],
	['of chat completions, in short', { type: 'image_url', image_url: 'u' }, { image_url: 'u' }],
	['with an address', { type: 'image', url: 'u' }, { image_url: 'u' }],
	[
		'with data',
		{ type: 'image', mimeType: 'image/gif', data: 'QQ==' },
		{ image_url: 'data:image/gif;base64,QQ==' },
	],
	[
		'with data, as LangChain had it before',
		{ type: 'image', source_type: 'base64', mime_type: 'image/gif', data: 'QQ==' },
		{ image_url: 'data:image/gif;base64,QQ==' },
	],
])('An image %s is one of the API', (_form, block, part) => {
	expect(blocks(block)).toEqual(image(part));
});

test('A file keeps its type under the name that the SDK reads', () => {
	expect(blocks({ type: 'file', mime_type: 'application/pdf', data: 'QQ==' })).toMatchObject([
		{ type: 'file', mimeType: 'application/pdf', data: 'QQ==' },
	]);
});

test('A text as a file is text', () => {
	expect(blocks({ type: 'text-plain', data: 'Hi' })).toEqual([{ type: 'text', text: 'Hi' }]);
});

test('A call of an Anthropic model is a call, but not twice', () => {
	expect(blocks({ type: 'tool_use', id: 'new', name: 'f', input: { a: 1 } })).toEqual([
		{ type: 'tool_call', id: 'new', name: 'f', args: { a: 1 } },
	]);
	expect(blocks({ type: 'tool_use', id: 'known', name: 'f', input: {} })).toEqual([]);
});

test('A thought of an Anthropic model is reasoning, where it can be read', () => {
	expect(blocks({ type: 'thinking', thinking: 'Hm' }, { type: 'redacted_thinking' })).toEqual([
		{ type: 'reasoning', reasoning: 'Hm' },
	]);
});

test('What nobody knows is handed on, to be refused by name', () => {
	expect(blocks({ type: 'search_result' })).toEqual([
		{ type: 'non_standard', value: { type: 'search_result' } },
	]);
});
