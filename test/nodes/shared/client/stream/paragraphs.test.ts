/** Where an empty line goes in a text that is told in pieces. */
import { Paragraphs } from '../../../../../nodes/shared/client/stream/paragraphs';

const told = (...pieces: Array<[unknown, string]>) => {
	const paragraphs = new Paragraphs();
	return pieces.map(([key, text]) => paragraphs.add([key], text));
};

test('Blanks are told with the first word that follows them', () => {
	expect(told([1, ' '], [1, '\n'], [1, 'a'], [1, ' '])).toEqual(['', '', ' \na', ' ']);
});

test.each([1, undefined])('Blanks at the very beginning wait, also under the key %s', (key) => {
	expect(told([key, ' '])).toEqual(['']);
});

test('A paragraph of blanks does not count', () => {
	expect(told([1, 'a'], [2, ' '], [3, 'b'])).toEqual(['a', '', '\n\nb']);
});
