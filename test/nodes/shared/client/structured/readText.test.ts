/** Models put JSON into fences and words, and forget commas. What they did not write, is not made up. */
import { candidatesIn, isCutJson } from '../../../../../nodes/shared/client/structured/readText';

const JSON_TEXT = '{"city": "Oslo", "items": ["a", "b"]}';
const VALUE = { city: 'Oslo', items: ['a', 'b'] };

const first = (text: string) => [...candidatesIn(text)][0];

test.each([
	['JSON', JSON_TEXT, 'whole'],
	['JSON between blanks', `\n ${JSON_TEXT}\n`, 'whole'],
	['a fence', `\`\`\`json\n${JSON_TEXT}\n\`\`\``, 'among text'],
	['a fence in capitals', `\`\`\`JSON\n${JSON_TEXT}\n\`\`\``, 'among text'],
	['a fence within a line', `Here: \`\`\`${JSON_TEXT}\`\`\` Bye`, 'among text'],
	['a preamble', `Sure! Here is the data: ${JSON_TEXT}`, 'among text'],
	['words around it', `The user's "wish": ${JSON_TEXT}\nAnything else?`, 'among text'],
	['a trailing comma', '{"city": "Oslo", "items": ["a", "b",],}', 'mended'],
	['quotation marks of another kind', "{'city': 'Oslo', 'items': ['a', 'b']}", 'mended'],
	[
		'keys without quotation marks, in a fence',
		'```\n{city: "Oslo", items: ["a", "b"]}\n```',
		'mended',
	],
	['a comment', '{"city": "Oslo", // the capital\n"items": ["a", "b"]}', 'mended'],
	['a preamble and a missing comma', 'Here: {"city": "Oslo" "items": ["a", "b"]} Bye', 'mended'],
])('%s is read', (_what, text, found) => {
	expect(first(text)).toEqual({ value: VALUE, found });
});

test.each([
	['prose', 'I cannot help with that.'],
	['nothing', ''],
	['JSON that was cut', '{"city": "Oslo", "items": ["a"'],
	['JSON that was cut within a text', '{"city": "Os'],
	['a fence that was cut', '```json\n{"city": "Oslo", "items": ["a", '],
	['JSON that is abridged', '{"city": "Oslo", "items": ["a", ...], }'],
])('%s is not made into JSON', (_what, text) => {
	expect([...candidatesIn(text)]).toEqual([]);
});

test('Of several objects each is found, the last one first', () => {
	const values = [...candidatesIn('{"a": 1} and then {"a": 2}')].map(({ value }) => value);
	expect(values).toEqual([{ a: 2 }, { a: 1 }]);
});

test('It is told whether JSON ends before it is whole', () => {
	expect(isCutJson('Here: {"city": "Os')).toBe(true);
	expect(isCutJson(`Here: ${JSON_TEXT} Bye`)).toBe(false);
	expect(isCutJson('No JSON at all')).toBe(false);
});

test.each([
	['full of objects', 'x {"a": {"b": 1}} '.repeat(200_000)],
	['of braces', '{'.repeat(500_000)],
	['of a fence that does not end', `\`\`\`${' '.repeat(500_000)}`],
	['full of fences', '```\n'.repeat(200_000)],
	['full of fences with objects', '```{a: 1}\n'.repeat(100_000)],
	['of an object that is nearly JSON', `{${'a: 1, '.repeat(40_000)}}`],
])('A long text %s takes no time', (_name, text) => {
	const started = performance.now();
	for (const candidate of candidatesIn(text)) expect(candidate).toBeDefined();
	expect(performance.now() - started).toBeLessThan(5_000);
});
