import { findObject } from '../../../../nodes/LmChatGradient/calls/structured';

const anything = () => true;
const hasScore = (value: object) => 'score' in value;

test.each([
	['alone', '{"score": 5}'],
	['with blanks around it', '\n\n {"score": 5} \n'],
	['in a fence', '```json\n{"score": 5}\n```'],
	['in a fence without a name', '```\n{"score": 5}\n```'],
	['in a fence between words', 'Here you are:\n```json\n{"score": 5}\n```\nAnything else?'],
	['in a sentence', 'The result is {"score": 5}, as you asked.'],
	['behind a thought', '<think>Maybe {a few} braces</think>{"score": 5}'],
	['behind another object', 'Instead of {"score": 1} it is {"score": 5}.'],
])('The object is found %s', (_place, text) => {
	expect(findObject(text, hasScore)).toEqual({ score: 5 });
});

test('Braces and quotes within texts do not end it', () => {
	const value = { score: 5, why: 'a } and a { and a "quote"', more: { a: { b: 1 } } };
	expect(findObject(`So: ${JSON.stringify(value)}!`, anything)).toEqual(value);
});

test('The one that fits counts, where there are several', () => {
	expect(findObject('{"score": 5} and {"note": "x"}', hasScore)).toEqual({ score: 5 });
});

test.each(['', 'Five', '[1]', '7', '{"score": 5', '{score: 5}', '}{', '{'.repeat(100_000)])(
	'In the text %#, there is none',
	(text) => {
		expect(findObject(text, anything)).toBeUndefined();
	},
);

test.each([
	['full of objects', 'x {"a": {"b": 1}} '.repeat(200_000)],
	['of a fence that does not end', `\`\`\`${' '.repeat(500_000)}`],
	['full of fences', '```\n'.repeat(200_000)],
])('A long text %s takes no time', (_name, text) => {
	const started = performance.now();
	expect(findObject(text, () => false)).toBeUndefined();
	expect(performance.now() - started).toBeLessThan(5_000);
});
