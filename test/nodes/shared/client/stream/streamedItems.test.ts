/** Which item an event is about, where servers say it by id, by index, by both, or by neither. */
import type { StreamedItem } from '../../../../../nodes/shared/client/stream/streamedItem';
import { StreamedItems } from '../../../../../nodes/shared/client/stream/streamedItems';
import { message } from '../../../../support/responses';

type Event = Record<string, unknown>;

const one = message('One.', { id: 'msg_1' });
const two = message('Two.', { id: 'msg_2' });

const at = (output_index: number): Event => ({ output_index });

describe('An event is about', () => {
	/** Something that a stream tells, and the item that it is about. */
	type Step = (items: StreamedItems) => StreamedItem;
	type Case = [name: string, steps: Step[], places: number[]];

	/** The item that the last event was about. */
	const last: Step = (items) => items.find({}, undefined);
	const begin =
		(item: Event, place: Event = {}): Step =>
		(items) => {
			items.begin(place, item);
			return last(items);
		};
	const end =
		(item: Event, place: Event = {}): Step =>
		(items) => {
			items.end(place, item);
			return last(items);
		};
	const find =
		(kind: string | undefined, place: Event = {}, isMore = false): Step =>
		(items) =>
			items.find(place, kind, isMore);
	const said =
		(step: Step, delta = 'x', target: Parameters<StreamedItem['add']>[0] = 'text'): Step =>
		(items) => {
			const item = step(items);
			item.add(target, delta);
			return item;
		};
	const ended =
		(step: Step): Step =>
		(items) => {
			const item = step(items);
			item.finish('text', 'x');
			return item;
		};

	/** For each step which item it is about, by the order in which they began. */
	const places = (steps: Step[]) => {
		const items = new StreamedItems();
		const found = steps.map((step) => step(items));
		return found.map((item) => items.list.indexOf(item));
	};

	const plain = { type: 'message' };
	const thought = { type: 'reasoning' };
	const named = (id: string): Event => ({ type: 'message', id });
	const call = (name: string, extra: Event = {}): Event => ({
		type: 'function_call',
		name,
		...extra,
	});
	const by = (item_id: string, place: Event = {}): Event => ({ ...place, item_id });

	const CALL = 'function_call';
	const again: Case[] = [
		['the same without an id, at its index', [begin(plain, at(0)), begin(plain, at(0))], [0, 0]],
		[
			'the same with an id only the first time',
			[begin(named('a'), at(0)), begin(plain, at(0))],
			[0, 0],
		],
		[
			'the same with an id only the second time',
			[begin(plain, at(0)), begin(named('a'), at(0))],
			[0, 0],
		],
		['the next without id and index', [begin(plain), begin(plain)], [0, 1]],
		['the next, with another id', [begin(named('a'), at(0)), begin(named('b'), at(0))], [0, 1]],
		['the next, of another kind', [begin(plain, at(0)), begin(thought, at(0))], [0, 1]],
		['the next call, by its name', [begin(call('f'), at(0)), begin(call('g'), at(0))], [0, 1]],
		['the next, as the first has ended', [ended(begin(plain, at(0))), begin(plain, at(0))], [0, 1]],
	];
	test.each(again)('an item that is announced again: %s', (_what, steps, expected) => {
		expect(places(steps)).toEqual(expected);
	});

	const late: Case[] = [
		['by their id', [find('message', by('a')), begin(named('a'), at(0))], [0, 0]],
		['by their index', [find('message', at(0)), begin(plain, at(0))], [0, 0]],
		[
			'by their index, though they have ended',
			[ended(find('message', at(0))), begin(plain, at(0))],
			[0, 0],
		],
		['as they have no place', [find('message'), begin(named('a'), at(0))], [0, 0]],
		['as it has no index', [find('message', at(0)), begin(named('a'))], [0, 0]],
		['as it has no id', [find('message', by('a')), begin(plain)], [0, 0]],
		['not by another index', [find('message', at(0)), begin(plain, at(1))], [0, 1]],
		[
			'not by another id and index',
			[find('message', by('a', at(0))), begin(named('b'), at(1))],
			[0, 1],
		],
		['not by another id', [find('message', by('a')), begin(named('b'))], [0, 1]],
		['not as they are of another kind', [said(find('message')), begin(thought)], [0, 1]],
	];
	test.each(late)('an item whose deltas came before it: %s', (_what, steps, expected) => {
		expect(places(steps)).toEqual(expected);
	});

	const ends: Case[] = [
		['without an id and an index', [begin(plain), end(plain)], [0, 0]],
		['with an id that its beginning had not', [begin(plain), end(named('a'))], [0, 0]],
		['without the id that its beginning had', [begin(named('a')), end(plain)], [0, 0]],
		['without the index that its beginning had', [begin(plain, at(0)), end(plain)], [0, 0]],
		['with another id', [begin(named('a')), end(named('b'))], [0, 1]],
		['with another index', [begin(plain, at(0)), end(plain, at(1))], [0, 1]],
		['of another kind', [begin(plain), end(thought)], [0, 1]],
		['of a call, by its name', [begin(call('f')), begin(call('g')), end(call('g'))], [0, 1, 1]],
		['of a call with another name', [begin(call('f')), end(call('g'))], [0, 1]],
		['of a call behind a message', [said(begin(plain, at(0))), end(call('f'), at(0))], [0, 1]],
		[
			'at an index to which its deltas have moved it',
			[
				begin(call('f', { id: 'a' }), at(0)),
				find(CALL, by('a', at(1))),
				end(call('f', { id: 'z' }), at(1)),
			],
			[0, 0, 0],
		],
		[
			'at its index, where something else is told since',
			[begin(named('a'), at(0)), begin(thought, at(0)), end(plain, at(0))],
			[0, 1, 0],
		],
		[
			'at an index of two that are open: the last one',
			[begin(named('a'), at(0)), begin(named('b'), at(0)), end(plain, at(0))],
			[0, 1, 1],
		],
		[
			'without an index, of two that are open: the first one',
			[begin(named('a')), begin(named('b')), end(plain)],
			[0, 1, 0],
		],
		[
			'at an index, by the id of deltas without one',
			[said(find('message', by('a')), 'O'), end(message('One.', { id: 'a' }), at(0))],
			[0, 0],
		],
		[
			'at another index, by what was said: only of an item without a place',
			[said(begin(named('a'), at(0)), 'Two.'), end(two, at(1))],
			[0, 1],
		],
		['of thoughts that came as text', [said(find('message', at(0))), end(thought, at(0))], [0, 0]],
		[
			'of text that came as thoughts',
			[said(find('reasoning', at(0)), 'x', 'reasoning'), end(plain, at(0))],
			[0, 0],
		],
		['of thoughts behind a text that has ended', [end(plain, at(0)), end(thought, at(0))], [0, 1]],
	];
	test.each(ends)('an end: %s', (_what, steps, expected) => {
		expect(places(steps)).toEqual(expected);
	});

	const nameless = { ...one, id: null };
	const repeated: Case[] = [
		['with no id', [end(nameless, at(0)), end(nameless, at(0))], [0, 0]],
		['with an id at first', [end(one, at(0)), end(nameless, at(0))], [0, 0]],
		['with an id at last', [end(nameless, at(0)), end(one, at(0))], [0, 0]],
		['with another id', [end(one, at(0)), end({ ...one, id: 'x' }, at(0))], [0, 1]],
		['saying something else', [end(nameless, at(0)), end({ ...two, id: null }, at(0))], [0, 1]],
	];
	test.each(repeated)('an end that comes again %s', (_what, steps, expected) => {
		expect(places(steps)).toEqual(expected);
	});

	const placeless: Case[] = [
		['by its id', [begin(named('a')), begin(named('b')), find('message', by('a'))], [0, 1, 0]],
		[
			'by each id in turn',
			[
				...[begin(named('a')), begin(named('b'))],
				...[find('message', by('a')), find('message', by('b'))],
			],
			[0, 1, 0, 1],
		],
		[
			'of the kind that an id has twice',
			[
				...[begin(named('a')), begin({ ...thought, id: 'a' })],
				...[find('reasoning', by('a')), find('message', by('a'))],
			],
			[0, 1, 1, 0],
		],
		[
			'by an id that only deltas have',
			[find('message', by('x')), begin(named('b')), find('message', by('x'))],
			[0, 1, 0],
		],
		['of an item without an id, by one', [begin(plain), find('message', by('x'))], [0, 0]],
		[
			'not of an item with an id, by another one',
			[begin(named('a')), find('message', by('x'))],
			[0, 1],
		],
		[
			'the last that is open',
			[begin(named('a')), begin(named('b')), begin(named('c')), find('message')],
			[0, 1, 2, 2],
		],
		[
			'the last that is open, not one that has ended',
			[begin(named('a')), ended(begin(named('b'))), find('message')],
			[0, 1, 0],
		],
		[
			'another one than the delta before it, which has ended',
			[begin(named('a')), begin(named('b')), ended(find('message')), find('message')],
			[0, 1, 1, 0],
		],
		[
			'what the last event was about, if it fits several kinds',
			[begin(named('a')), begin(named('b')), find('message', by('a')), find(undefined)],
			[0, 1, 0, 0],
		],
		[
			'what the last event was about, also where that had an index',
			[begin(plain, at(0)), find('message', at(0)), find(undefined)],
			[0, 0, 0],
		],
		[
			'the item with its id, though that has no such texts',
			[begin({ ...thought, id: 'a' }), find('message', by('a'))],
			[0, 0],
		],
	];
	test.each(placeless)('a text without an index: %s', (_what, steps, expected) => {
		expect(places(steps)).toEqual(expected);
	});

	const thinking = [begin(named('a'), at(0)), said(begin(thought, at(0)), 'x', 'reasoning')];
	const placed: Case[] = [
		['at each index in turn', [find('message', at(0)), find('message', at(1))], [0, 1]],
		['of an item without a type', [begin({ id: 'a' }, at(0)), find('message', at(0))], [0, 0]],
		[
			'by the id that two have, one at each index',
			[begin(call('f', { id: 'a' }), at(0)), begin(call('g', { id: 'a' }), at(1))].concat(
				find(CALL, by('a', at(0))),
			),
			[0, 1, 0],
		],
		[
			'of its kind, though another is told since',
			[said(thinking[0]), thinking[1], find('message', at(0))],
			[0, 1, 0],
		],
		[
			'of the one that has not ended',
			[begin(named('a'), at(0)), ended(begin(named('b'), at(0))), find('message', at(0))],
			[0, 1, 0],
		],
		[
			'of a call that its deltas have moved there',
			[begin(call('f', { id: 'a' }), at(0)), ...[find(CALL, by('a', at(1))), find(CALL, at(1))]],
			[0, 0, 0],
		],
		['of any kind', [begin(named('a'), at(0)), find(undefined, at(0))], [0, 0]],
		['of thoughts, if nothing else is there', [thinking[1], find('message', at(0))], [0, 0]],
		[
			'of a message that has moved, by the id of its deltas',
			[find('message', by('x', at(0))), find('message', by('x', at(1)))],
			[0, 0],
		],
		[
			'of a call by its index, where all deltas have one id',
			[find(CALL, by('x', at(0))), find(CALL, by('x', at(1)))],
			[0, 1],
		],
		[
			'of a message of its own, where a call is',
			[
				find('message', by('x', at(0))),
				said(find(CALL, at(1)), '{', 'arguments'),
				find('message', by('x', at(1))),
			],
			[0, 1, 2],
		],
		[
			'of a call that waits at the index of another one',
			[said(begin(plain, at(0))), begin(call('f'), at(0)), find(CALL, at(1))],
			[0, 1, 1],
		],
		['not of a call that waits at its own', [begin(call('f'), at(0)), find(CALL, at(1))], [0, 1]],
		[
			'not of a call that waits at its own, behind others',
			[begin(plain, at(0)), begin(call('f'), at(1)), find(CALL, at(2))],
			[0, 1, 2],
		],
		[
			'of a message that waits there, not of a call',
			[begin(plain, at(0)), begin(call('f'), at(0)), find('message', at(1))],
			[0, 1, 0],
		],
		[
			'not of a message that has begun to speak there',
			[said(begin(named('a'), at(0))), begin(thought, at(0)), find('message', at(1))],
			[0, 1, 2],
		],
	];
	test.each(placed)('a text with an index: %s', (_what, steps, expected) => {
		expect(places(steps)).toEqual(expected);
	});

	const after: Case[] = [
		['a message', [end(named('a'), at(0)), find('message', at(0), true)], [0, 0]],
		['a message, under its id', [end(named('a'), at(0)), find('message', by('a', at(0)))], [0, 0]],
		[
			'another message, by its id',
			[end(named('a'), at(0)), find('message', by('z', at(0)))],
			[0, 1],
		],
		['a message without an id', [end(plain, at(0)), find('message', by('z', at(0)))], [0, 0]],
		['a call, its end once more', [end(call('f'), at(0)), find(CALL, at(0))], [0, 0]],
		['another call, as there is more', [end(call('f'), at(0)), find(CALL, at(0), true)], [0, 1]],
		['a call without any index', [end(call('f')), find(CALL)], [0, 0]],
		['another call without any index', [end(call('f')), find(CALL, {}, true)], [0, 1]],
	];
	test.each(after)('what comes after the end is of %s', (_what, steps, expected) => {
		expect(places(steps)).toEqual(expected);
	});

	test('a call that has ended, unless there is more of it', () => {
		const items = new StreamedItems();
		const item = end(call('f'), at(0))(items);
		expect(items.find(at(0), CALL)).toBe(item);
	});

	test.each<[string, Step, boolean]>([
		['by its beginning', begin(named('a')), true],
		['by its end', end(named('a')), true],
		['not by its deltas', find('message', by('a')), false],
		['not by an empty id', begin(named('')), false],
		['not by an id that is no text', begin({ ...plain, id: 5 }), false],
		['not by nothing', begin(plain), false],
	])('an item that has an id of its own: %s', (_what, step, isNamed) => {
		expect(step(new StreamedItems()).isNamed).toBe(isNamed);
	});

	test.each([null, '0', {}])('no index that is %j', (output_index) => {
		expect(begin(plain, { output_index })(new StreamedItems()).index).toBeUndefined();
	});
});

test('Items count, and each end of them', () => {
	const items = new StreamedItems();
	expect(items.entries).toBe(0);
	items.begin(at(0), one);
	items.begin(at(1), two);
	expect(items.entries).toBe(2);
	for (const item of [one, one, one]) items.end(at(0), item);
	expect(items.entries).toBe(3);
	expect(items.list).toHaveLength(2);
});

test('Items stand in the order of their indexes, one without behind what began before it', () => {
	const items = new StreamedItems();
	const events: Array<[number | undefined, string]> = [
		[2, 'c'],
		[undefined, 'd'],
		[0, 'a'],
		[1, 'b'],
	];
	for (const [output_index, id] of events) items.begin({ output_index }, { ...one, id });
	expect(items.inOrder.flatMap(({ ids }) => [...ids])).toEqual(['a', 'b', 'c', 'd']);
	expect(items.knows({ item_id: 'd' })).toBe(true);
	expect(items.knows({ item: { id: 'd' } })).toBe(true);
	expect(items.knows({ item_id: 'e', item: { id: 'd' } })).toBe(false);
});
