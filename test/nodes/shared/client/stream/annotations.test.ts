/** Which part of a message gets an annotation that came as an event of its own. */
import { StreamedAnnotations } from '../../../../../nodes/shared/client/stream/annotations';

const link = { type: 'url_citation', url: 'https://a.example' };
const part = (text: string, annotations?: unknown) => ({
	type: 'output_text',
	text,
	...(annotations !== undefined && { annotations }),
});

const annotated = (place: number, content: unknown[]) => {
	const annotations = new StreamedAnnotations();
	annotations.add(link, place);
	return annotations.addTo(content);
};

test.each([
	['its own part', 0, [part('a', [link]), part('b')]],
	['the last part', 1, [part('a'), part('b', [link])]],
	['the last part, where it is said to be behind it', 5, [part('a'), part('b', [link])]],
])('An annotation belongs to %s', (_what, place, content) => {
	expect(annotated(place, [part('a'), part('b')])).toStrictEqual(content);
});

test('A part without text of its own kind is left as it is', () => {
	expect(annotated(0, ['a'])).toStrictEqual(['a']);
});

test('A list of no annotations counts as none', () => {
	expect(annotated(0, [part('a', [])])).toStrictEqual([part('a', [link])]);
});

test('Parts that have annotations, if only one of them, keep what they have', () => {
	const other = { type: 'url_citation', url: 'https://b.example' };
	const content = [part('a', [other]), part('b')];
	expect(annotated(1, content)).toStrictEqual(content);
	expect(annotated(0, content)).toStrictEqual(content);
});
