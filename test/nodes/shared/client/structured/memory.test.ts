/** What a model of a server can do is remembered, for as many as anybody uses. */
import {
	type Known,
	recall,
	remember,
	strictness,
} from '../../../../../nodes/shared/client/structured/memory';

test('Nothing is known of a model that was never asked', () => {
	expect(recall('never asked')).toEqual({ loose: [], without: [] });
});

test('What is remembered is what was known then, whatever comes of it', () => {
	const known: Known = { isByFunction: true, loose: ['textFormat'], without: ['enum'] };
	remember('a model', known);
	known.without.push('$ref');
	recall('a model').loose.push('functionCall');
	expect(recall('a model')).toEqual({
		isByFunction: true,
		loose: ['textFormat'],
		without: ['enum'],
	});
});

test('A thousand models are remembered, those that were learnt of last', () => {
	const learnOf = (key: string) => remember(key, { loose: [], without: [key] });
	const keys = Array.from({ length: 1_000 }, (_, index) => `model ${index}`);
	keys.forEach(learnOf);
	learnOf(keys[0]);
	const isKnown = (key: string) => recall(key).without.includes(key);
	expect(keys.every(isKnown)).toBe(true);
	learnOf('one more');
	expect(keys.filter((key) => !isKnown(key))).toEqual([keys[1]]);
});

test('Whether strict is taken is known by the way, and by whether a schema leaves anything open', () => {
	const all = (['textFormat', 'functionCall'] as const).flatMap((way) =>
		[true, false].map((isStrict) => strictness(way, { schema: {}, isStrict, isWrapped: false })),
	);
	expect(new Set(all).size).toBe(4);
});
