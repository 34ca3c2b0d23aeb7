/** What the events of a stream that are about one item make of it. */
import type { JsonObject } from '../../../../../nodes/shared/client/json';
import { StreamedItem } from '../../../../../nodes/shared/client/stream/streamedItem';
import { functionCall, message, reasoning } from '../../../../support/responses';

type Target = Parameters<StreamedItem['add']>[0];

const KINDS: Array<[Target, string]> = [
	['text', 'message'],
	['refusal', 'message'],
	['reasoning', 'reasoning'],
	['summary', 'reasoning'],
	['arguments', 'function_call'],
];

const itemThat = (happens: (item: StreamedItem) => void) => {
	const item = new StreamedItem();
	happens(item);
	return item;
};

/** What becomes of it, in a response that is complete. */
const outputOf = (happens: (item: StreamedItem) => void) => itemThat(happens).toOutput(true);

const said = (...texts: string[]) => texts.map((text) => ({ type: 'output_text', text }));
const thoughts = (...texts: string[]) => texts.map((text) => ({ type: 'reasoning_text', text }));
const refused = (refusal: string) => ({ type: 'refusal', refusal });

/** A message of which nothing but deltas came. */
const implied = (content: object[]) => ({
	type: 'message',
	role: 'assistant',
	content,
	status: 'completed',
});

describe('Of an item that only its texts tell', () => {
	test.each(KINDS)('%s makes it a %s', (target, kind) => {
		expect(itemThat((item) => item.add(target, 'x')).kind).toBe(kind);
	});

	test('nothing is known before anything of it came', () => {
		expect(new StreamedItem()).toMatchObject({ kind: undefined, isNamed: false, name: '' });
		expect(new StreamedItem().toOutput(true)).toEqual([]);
	});

	test.each<[Target, object]>([
		['text', implied(said('x'))],
		['refusal', implied([refused('x')])],
		['reasoning', { type: 'reasoning', content: thoughts('x'), summary: [], status: 'completed' }],
		[
			'summary',
			{
				type: 'reasoning',
				content: undefined,
				summary: [{ type: 'summary_text', text: 'x' }],
				status: 'completed',
			},
		],
		['arguments', { type: 'function_call', name: '', arguments: 'x', status: 'completed' }],
	])('%s is all of it', (target, whole) => {
		expect(outputOf((item) => item.add(target, 'x'))).toEqual([whole]);
	});

	test('thoughts and their summary are one item', () => {
		const [item, ...others] = outputOf((one) => {
			one.add('reasoning', 'Hm.');
			one.add('summary', 'In short.');
		});
		expect(others).toEqual([]);
		expect(item).toMatchObject({ type: 'reasoning', content: thoughts('Hm.') });
	});

	test('thoughts and an answer at one place are two items', () => {
		const items = outputOf((item) => {
			item.add('reasoning', 'Hm.');
			item.add('text', 'One.');
		});
		expect(items).toEqual([
			{ type: 'reasoning', content: thoughts('Hm.'), summary: [] },
			implied(said('One.')),
		]);
	});

	test('an end that says nothing is an empty answer, not a part', () => {
		expect(outputOf((item) => item.finish('text', ''))).toEqual([implied([])]);
	});
});

describe('An item has been told something', () => {
	test.each(KINDS)('when %s came', (target) => {
		const item = itemThat((one) => one.begin({}));
		expect(item.isTouched).toBe(false);
		item.add(target, '');
		expect(item.isTouched).toBe(false);
		item.add(target, 'x');
		expect(item.isTouched).toBe(true);
	});

	test('when it ended', () => {
		expect(itemThat((item) => item.end({})).isTouched).toBe(true);
	});
});

describe('A call', () => {
	test('is known by its id and name as they were told first or last', () => {
		const { callId, callName } = itemThat((item) => item.begin(functionCall('f', '')));
		expect({ callId, callName }).toEqual({ callId: 'call_1', callName: 'f' });
		const ended = itemThat((item) => {
			item.begin({ type: 'function_call', call_id: 'call_0', name: 'e' });
			item.end(functionCall('f', ''));
		});
		expect([ended.callId, ended.callName]).toEqual(['call_1', 'f']);
	});

	test('has the arguments that its end says, or else those of its deltas or its beginning', () => {
		const argumentsOf = (first: string, delta: string, last: string) =>
			outputOf((item) => {
				item.begin(functionCall('f', first));
				item.add('arguments', delta);
				item.end(functionCall('f', last));
			})[0].arguments;
		expect(argumentsOf('a', 'b', 'c')).toBe('c');
		expect(argumentsOf('a', 'b', '')).toBe('b');
		expect(argumentsOf('a', '', '')).toBe('a');
	});

	test('that ended keeps its arguments, though a text comes under its id', () => {
		const [item] = outputOf((one) => {
			one.end(functionCall('f', '{"city":1}'));
			one.add('text', 'One.');
		});
		expect(item.arguments).toBe('{"city":1}');
	});

	test('that ends without arguments has none', () => {
		expect(outputOf((item) => item.end({ type: 'function_call', name: 'f' }))).toEqual([
			{ type: 'function_call', name: 'f', arguments: '' },
		]);
	});

	test.each([
		['the rest of its arguments', '{"ci', '{"city":1}', 'ty":1}', '{"city":1}'],
		['more, where the end said something else', 'x', '{"city":', '1}', '{"city":1}'],
		['more, where the end said nothing', '{"city":', undefined, '1}', '{"city":1}'],
	])('goes on after its end with %s', (_what, before, end, after, whole) => {
		const [item] = outputOf((one) => {
			one.add('arguments', before);
			one.end({ type: 'function_call', name: 'f', arguments: end });
			one.add('arguments', after);
		});
		expect(item.arguments).toBe(whole);
	});

	test('that goes on after its end with nothing has no arguments', () => {
		const [item] = outputOf((one) => {
			one.end({ type: 'function_call', name: 'f', arguments: '' });
			one.add('arguments', '');
		});
		expect(item.arguments).toBe('');
	});
});

describe('A text that goes on after the end of its item', () => {
	const contentAfter = (end: JsonObject, target: Target, delta: string, before = '') => {
		const output = outputOf((item) => {
			if (before) item.add(target, before);
			item.end(end);
			item.add(target, delta);
		});
		return output.map(({ content }) => content);
	};

	test.each<[Target, JsonObject, object[]]>([
		['text', message('One.'), said('One.', ' More.')],
		['refusal', message('', { content: [refused('No.')] }), [refused('No.'), refused(' More.')]],
		['reasoning', reasoning('Hm.'), thoughts('Hm.', ' More.')],
	])('follows what the end said: %s', (target, end, content) => {
		expect(contentAfter(end, target, ' More.')).toEqual([content]);
	});

	test('follows the longer of what the end and the deltas said', () => {
		const after = (content: object[]) =>
			contentAfter(message('', { content }), 'text', ' More.', 'One. Two.');
		expect(after(said('One.'))).toEqual([said('One. Two. More.')]);
		expect(after(said('One. Two.'))).toEqual([said('One. Two. More.')]);
		expect(after(said('One.', ' Two'))).toEqual([said('One. Two. More.')]);
		expect(after(said('One.', ' Two. Three.'))).toEqual([said('One.', ' Two. Three.', ' More.')]);
	});

	test.each<[string, JsonObject, Target, object[]]>([
		[
			'a summary behind a message',
			message('One.'),
			'summary',
			[
				{ type: 'reasoning', content: [], summary: [{ type: 'summary_text', text: 'Hm.' }] },
				message('One.'),
			],
		],
		[
			'thoughts behind a message',
			message('One.'),
			'reasoning',
			[{ type: 'reasoning', content: thoughts('Hm.'), summary: [] }, message('One.')],
		],
		[
			'an answer behind thoughts',
			reasoning('One.'),
			'text',
			[{ ...reasoning('One.'), status: 'completed' }, implied(said('Hm.'))],
		],
	])('does not follow a text of another kind, which stays: %s', (_what, end, target, items) => {
		const output = outputOf((item) => {
			item.end(end);
			item.add(target, 'Hm.');
		});
		expect(output).toEqual(items);
	});

	test('is all there is where the end had no content', () => {
		expect(contentAfter({ type: 'message' }, 'text', 'One.')).toEqual([said('One.')]);
	});

	test('follows only what is text in the end', () => {
		const content = ['x', null, { type: 'image', text: 5 }, { text: '' }, ...said('One.')];
		const link = { type: 'url_citation', url: 'https://a.example' };
		const [item] = outputOf((one) => {
			one.end(message('', { content: content as object[] }));
			one.add('text', ' Two.');
			// of the part that runs, which is the second
			one.annotate(link);
			one.finish('text', ' Two.');
			one.add('text', ' Three.');
		});
		const [first, second, third] = said('One.', ' Two.', ' Three.');
		expect(item.content).toEqual([first, { ...second, annotations: [link] }, third]);
	});
});

describe('An item that ends again', () => {
	const one = message('One.');
	const endedAs = (...ends: JsonObject[]) =>
		outputOf((item) => ends.forEach((end) => item.end(end)))[0].content;

	test.each([
		['says the same', 'One.', said('One.')],
		['says more', 'One. Two.', said('One. Two.')],
		['says less', 'On', said('One.')],
		['says something else', 'Two.', said('One.', 'Two.')],
		['says something else that ends alike', 'Two. One.', said('One.', 'Two. One.')],
		['says only its last letters', 'e.', said('One.', 'e.')],
	])('has all that was said, once: it %s', (_what, text, content) => {
		expect(endedAs(one, message(text))).toEqual(content);
	});

	test('has what its last end says besides', () => {
		const annotations = [{ type: 'url_citation' }];
		const content = [{ ...said('One.')[0], annotations }];
		expect(endedAs(one, message('', { content }))).toEqual(content);
	});

	const endedAfterMore = (end: JsonObject) =>
		outputOf((item) => {
			item.end(one);
			item.add('text', ' Two.');
			item.end(end);
		})[0].content;

	test('keeps what came since, where the end has not all of it', () => {
		expect(endedAfterMore(one)).toEqual(said('One.', ' Two.'));
	});

	test('is what the end says, where that has all that came since', () => {
		expect(endedAfterMore(message('One. Two.'))).toEqual(said('One. Two.'));
		expect(endedAfterMore(message('One. Two. Three.'))).toEqual(said('One. Two. Three.'));
	});

	test.each<[string, JsonObject, boolean]>([
		['the same', one, true],
		['more of it', message('One. Two.'), true],
		['something else', message('Two.'), false],
		['something else that ends alike', message('Two. One.'), false],
		['other arguments', { ...one, arguments: '{}' }, false],
	])('is known by what it says: %s', (_what, end, isEnd) => {
		expect(itemThat((item) => item.end(one)).isEnd(end)).toBe(isEnd);
		expect(itemThat((item) => item.begin(one)).isEnd(end)).toBe(false);
	});
});

describe('An item is known by what its deltas said', () => {
	test.each<[Target, JsonObject, JsonObject]>([
		['text', message('x'), message('y')],
		['refusal', message('', { content: [refused('x')] }), message('', { content: [refused('y')] })],
		['reasoning', reasoning('x'), reasoning('xy')],
		['arguments', functionCall('f', 'x'), functionCall('f', 'y')],
	])('%s', (target, same, other) => {
		const item = itemThat((one) => one.add(target, 'x'));
		expect(item.hasTold(same)).toBe(true);
		expect(item.hasTold(other)).toBe(false);
	});

	test('not where they said nothing', () => {
		expect(new StreamedItem().hasTold(message(''))).toBe(false);
	});
});

describe('The end of a part', () => {
	test.each([
		['output_text', 'message', said('x')],
		['refusal', 'message', [refused('x')]],
		['reasoning_text', 'reasoning', thoughts('x')],
		['summary_text', 'reasoning', undefined],
	])('tells a text of which nothing else came: %s', (type, kind, content) => {
		const key = type === 'refusal' ? 'refusal' : 'text';
		const [item] = outputOf((one) => one.finishPart({ type, [key]: 'x' }));
		expect(item).toMatchObject({ type: kind });
		expect(item.content).toEqual(content);
		expect(item.summary ?? []).toEqual(
			type === 'summary_text' ? [{ type: 'summary_text', text: 'x' }] : [],
		);
	});

	test.each(['constructor', 'image', undefined])('of type %s tells no text', (type) => {
		expect(outputOf((item) => item.finishPart({ type, text: 'x' }))).toEqual([]);
	});

	test('belongs to the text that runs, whatever it calls it', () => {
		const [item] = outputOf((one) => {
			one.add('reasoning', 'Hm');
			one.finishPart({ type: 'output_text', text: 'Hm.' });
		});
		expect(item).toMatchObject({ type: 'reasoning', content: thoughts('Hm.') });
	});

	test('tells nothing of a text that has ended', () => {
		const [item] = outputOf((one) => {
			one.finish('text', 'One.');
			one.finishPart({ type: 'output_text', text: 'Other.' });
		});
		expect(item.content).toEqual(said('One.'));
	});

	test('of a summary may be told by the next that begins', () => {
		const [item] = outputOf((one) => {
			one.add('summary', 'One.');
			one.beginSummaryPart();
			one.add('summary', 'Two.');
		});
		expect(item.summary).toEqual(['One.', 'Two.'].map((text) => ({ type: 'summary_text', text })));
	});
});

describe('An annotation', () => {
	const link = { type: 'url_citation', url: 'https://a.example' };
	const [a, b] = said('a', 'b');
	const linked = (part: object) => ({ ...part, annotations: [link] });
	type Step = (item: StreamedItem) => void;
	const part =
		(text: string): Step =>
		(item) =>
			item.finish('text', text);
	const annotation: Step = (item) => item.annotate(link);

	test.each<[string, Step[], object[]]>([
		['that ended last', [part('a'), annotation, part('b')], [linked(a), b]],
		['that ended last, of two', [part('a'), part('b'), annotation], [a, linked(b)]],
		['that runs', [part('a'), (item) => item.add('text', 'b'), annotation], [a, linked(b)]],
		['that comes first', [annotation, part('a'), part('b')], [linked(a), b]],
	])('belongs to the part %s', (_what, steps, content) => {
		expect(outputOf((item) => steps.forEach((step) => step(item)))[0].content).toEqual(content);
	});
});

describe('An item as it is told itself', () => {
	test('is what it began with, where nothing else came', () => {
		expect(outputOf((item) => item.begin(message('One.')))).toEqual([message('One.')]);
	});

	test('without a type is left as it is, if it has parts', () => {
		const item = { content: said('One.') };
		expect(outputOf((one) => one.begin(item))).toEqual([item]);
		expect(outputOf((one) => one.end(item))).toEqual([item]);
	});

	test('without a type and parts is an empty message', () => {
		expect(outputOf((item) => item.begin({ id: 'x' }))).toEqual([{ ...implied([]), id: 'x' }]);
	});

	test('of another type is left as it is', () => {
		const search = { type: 'web_search_call', id: 'ws_1' };
		expect(outputOf((item) => item.end(search))).toEqual([search]);
	});

	test('is a message with thoughts before it, if it had both', () => {
		const summary = [{ type: 'summary_text', text: 'In short.' }];
		const items = outputOf((item) => {
			item.begin(message('', { content: [] }));
			item.add('reasoning', 'Hm.');
			item.add('summary', 'In short.');
		});
		expect(items).toEqual([
			{ type: 'reasoning', content: thoughts('Hm.'), summary },
			message('', { content: [] }),
		]);
	});

	test('is reasoning with an answer behind it, if it had both', () => {
		const thought = reasoning('Hm.');
		const items = outputOf((item) => {
			item.end(thought);
			item.add('text', 'One.');
			item.finish('text', 'One.');
		});
		expect(items.map(({ type }) => type)).toEqual(['reasoning', 'message']);
		expect(items[1]).toEqual(implied(said('One.')));
	});

	test('keeps parts without text', () => {
		const item = reasoning('', { summary: [{ type: 'summary_text', text: 'In short.' }] });
		expect(outputOf((one) => one.end(item))).toEqual([item]);
	});
});
