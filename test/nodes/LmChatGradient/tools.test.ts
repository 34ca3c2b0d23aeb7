import { toRequestTool, toToolChoice } from '../../../nodes/LmChatGradient/tools';
import { toJsonSchema } from '../../../nodes/shared/client';

const inputSchema = { type: 'object', properties: { city: { type: 'string' } } } as const;

test('A function keeps name, description, parameters and what else is set', () => {
	const tool = {
		type: 'function',
		name: 'f',
		description: 'Does',
		inputSchema,
		strict: true,
		providerOptions: { cache: 'short' },
	} as const;
	expect(toRequestTool(tool as never, toJsonSchema)).toEqual({
		type: 'function',
		name: 'f',
		description: 'Does',
		parameters: inputSchema,
		strict: true,
		cache: 'short',
	});
});

test('A function without description and schema has neither', () => {
	const tool = { type: 'function', name: 'f', inputSchema: undefined } as never;
	expect(toRequestTool(tool, toJsonSchema)).toEqual({ type: 'function', name: 'f' });
});

test('A tool of the API itself goes by its type', () => {
	const tool = { type: 'provider', name: 'web_search', args: { max_uses: 2 } } as const;
	expect(toRequestTool(tool, toJsonSchema)).toEqual({ type: 'web_search', max_uses: 2 });
});

const named = { type: 'function', function: { name: 'f' } };

test.each([
	[undefined, undefined],
	[null, undefined],
	['auto', 'auto'],
	['none', 'none'],
	['required', 'required'],
	['any', 'required'],
	['f', named],
	['', undefined],
	[named, named],
	[{ type: 'function', name: 'f' }, named],
	[{ type: 'tool', name: 'f' }, named],
	[{ type: 'tool', toolName: 'f' }, named],
	[{ type: 'any' }, 'required'],
	[{ type: 'auto' }, 'auto'],
	[7, undefined],
])('The choice %j is sent as %j', (choice, sent) => {
	expect(toToolChoice(choice)).toEqual(sent);
});
