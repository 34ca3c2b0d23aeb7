/** A text that comes in deltas, and whose parts are told once more when they end. */
import { StreamedText } from '../../../../../nodes/shared/client/stream/streamedText';

/** What a server tells of a text: a delta, the end of a part, or its end that says nothing of it. */
type Step = { delta: string } | { end: unknown };

const told = (...steps: Step[]) => {
	const text = new StreamedText();
	const rests = steps.map((step) =>
		'delta' in step ? text.add(step.delta) : text.finish(step.end),
	);
	return { text, rest: rests.at(-1), parts: text.parts };
};

describe('The end of a part', () => {
	test.each([
		['says what its deltas said', 'One.', 'One.', ''],
		['says more than its deltas', 'One', 'One. And', '. And'],
		['says something else', 'One', 'Two', ''],
		['says something else that ends alike', 'e.', 'One.', ''],
		['comes without deltas', '', 'One.', 'One.'],
	])('%s', (_what, delta, end, rest) => {
		expect(told({ delta }, { end })).toMatchObject({ parts: [end], rest });
	});

	test.each(['', null, 5])('that says %j leaves what the deltas said', (end) => {
		expect(told({ delta: 'One.' }, { end })).toMatchObject({ parts: ['One.'], rest: '' });
	});

	test('that comes alone and says nothing tells that the text is empty', () => {
		const { text } = told({ end: '' });
		expect(text).toMatchObject({ isUsed: true, isFilled: false, hasEnded: true, parts: [''] });
	});

	test.each([
		['the only part', ['a'], 'a'],
		['the last part', ['a', 'b', 'c'], 'c'],
		['nothing', ['a', 'b'], ''],
		['all parts', ['a', 'b'], 'ab'],
	])('that comes again with %s adds nothing', (_what, ends, again) => {
		const steps = ends.map((end) => ({ end }));
		expect(told(...steps, { end: again })).toMatchObject({ parts: ends, rest: '' });
	});

	test('that is as long as all parts, but says something else, is a part', () => {
		expect(told({ end: 'a' }, { end: 'b' }, { end: 'cd' }).parts).toEqual(['a', 'b', 'cd']);
	});

	test('that says what the part before it said is a part, if it had deltas', () => {
		const a = [{ delta: 'a' }, { end: 'a' }];
		expect(told(...a, ...a, { delta: 'b' }).parts).toEqual(['a', 'a', 'b']);
	});

	test('that says the same as an empty part before it and its own deltas is a part', () => {
		expect(told({ end: '' }, { delta: 'a' }, { end: 'a' }).parts).toEqual(['', 'a']);
	});

	test.each([
		['just', 'ab', ''],
		['and more', 'abc', 'c'],
	])('that tells all earlier parts too, %s, stands for all of them', (_what, end, rest) => {
		const whole = told({ delta: 'a' }, { end: 'a' }, { delta: 'b' }, { end });
		expect(whole).toMatchObject({ parts: [end], rest });
		expect(String(whole.text)).toBe(end);
	});

	test('that is longer than all, but does not begin with it, stands for its own part', () => {
		const { parts, rest } = told({ end: 'a' }, { delta: 'b' }, { end: 'bcd' });
		expect(parts).toEqual(['a', 'bcd']);
		expect(rest).toBe('cd');
	});
});

describe('Deltas', () => {
	test('make one part, also where nobody tells parts apart', () => {
		expect(told({ delta: 'a' }, { delta: 'b' }).parts).toEqual(['ab']);
	});

	test('make a part for each index', () => {
		const text = new StreamedText();
		text.add('', 0);
		for (const [delta, index] of [
			['a', 1],
			['b', 1],
			['c', 2],
		])
			text.add(delta, index);
		expect(text.parts).toEqual(['ab', 'c']);
	});

	test.each([null, 5, {}])('that are no text say nothing: %j', (delta) => {
		const text = new StreamedText();
		expect(text.add(delta)).toBe('');
		expect(String(text)).toBe('');
	});
});

describe('A text', () => {
	test('knows whether anything was said of it, and whether it has any', () => {
		expect(new StreamedText()).toMatchObject({ isUsed: false, isFilled: false, hasEnded: false });
		expect(told({ delta: '' }).text).toMatchObject({ isUsed: true, isFilled: false });
		expect(told({ delta: 'a' }).text).toMatchObject({ isUsed: true, isFilled: true });
		expect(told({ end: '' }, { end: 'a' }).text).toMatchObject({ isUsed: true, isFilled: true });
	});

	test('is all its parts and what runs', () => {
		expect(String(told({ end: 'a' }, { end: 'b' }, { delta: 'c' }).text)).toBe('abc');
	});

	test('has no part that is empty because it ended twice', () => {
		const { text } = told({ delta: 'a' });
		text.endPart();
		text.endPart();
		expect(text.parts).toEqual(['a']);
		expect(text.place).toBe(1);
	});

	test('can be set to other parts, after which it goes on', () => {
		const { text } = told({ end: 'a' }, { delta: 'b' });
		text.replace(['x', 'y']);
		expect(text).toMatchObject({ parts: ['x', 'y'], isOpen: false, hasEnded: true });
		expect(text.finish('xy')).toBe('');
		text.add('z');
		expect(text.parts).toEqual(['x', 'y', 'z']);
	});
});
