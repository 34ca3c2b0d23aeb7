import { TEXT, useGradient } from '../support/gradientNode';

const gradient = useGradient();

const withJson = (inputJson: unknown) => ({ ...TEXT, inputType: 'json', inputJson }) as typeof TEXT;

const LIST = [{ role: 'user', content: 'Hi' }];

test.each<[string, string, unknown]>([
	['a list as JSON text', JSON.stringify(LIST), LIST],
	['a list from an expression', `={{ ${JSON.stringify(LIST)} }}`, LIST],
	[
		'JSON text from an expression',
		'={{ JSON.stringify([{ role: "user", content: "Hi" }]) }}',
		LIST,
	],
	['JSON text within JSON text', JSON.stringify(JSON.stringify(LIST)), LIST],
	['a quoted text', '"Hello there"', 'Hello there'],
	['plain words', 'Hello there', 'Hello there'],
	['plain words from an expression', '={{ "Hello" + " there" }}', 'Hello there'],
	['JSON with expressions in it', '=[{ "role": "user", "content": "{{ "Hi" }}" }]', LIST],
])('The input can be %s', async (_, typed, sent) => {
	expect((await gradient.bodyOf(withJson(typed))).input).toEqual(sent);
});

test.each<[string, string, string]>([
	['broken JSON', '[{ "role": ', "'Input (JSON)' is not valid JSON"],
	[
		'an object',
		'{ "role": "user", "content": "Hi" }',
		"'Input (JSON)' is an object, but must be a text or an array: put it in [ ]",
	],
	[
		'an object from an expression',
		'={{ ({ role: "user", content: "Hi" }) }}',
		"'Input (JSON)' is an object, but must be a text or an array: put it in [ ]",
	],
	['an empty field', '', "'Input (JSON)' is empty"],
	['an empty list', '[]', "'Input (JSON)' must have at least one entry"],
	['nothing', '={{ undefined }}', "'Input (JSON)' is empty"],
	['a number', '={{ 5 }}', "'Input (JSON)' must be text or a list"],
])('%s is refused, and nothing is sent', async (_, typed, words) => {
	const { error } = await gradient.run(withJson(typed));
	expect(error?.message).toContain(words);
	expect(error?.message).toContain('[item 0]');
	expect(gradient.server.requests).toEqual([]);
});

test('Of a list, each bad entry is named with its place and what is wrong', async () => {
	const list = [
		{ role: 'user', content: 'Hi' },
		{ type: 'function_call', call_id: 'c' },
		'words',
		{ type: 'unknown' },
		{ role: 'user', content: [{ type: 'input_text' }] },
	];
	const { error } = await gradient.run(withJson(JSON.stringify(list)));
	expect(error?.message).toBe(
		[
			"4 fields need a correction: 'Input (JSON)' entry 2 'name' is required",
			"'Input (JSON)' entry 2 'arguments' is required",
			"'Input (JSON)' entry 3 must be an object",
			"'Input (JSON)' entry 5 'content' row 1 'text' must be text [item 0]",
		].join('; '),
	);
	expect(gradient.server.requests).toEqual([]);
});
