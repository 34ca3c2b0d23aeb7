import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { readParameter } from '../../../../nodes/shared/host/readParameter';

/**
 * A node whose parameter is `raw`, where every text that begins with `=` stands for what `resolve` gives;
 * `asked` are the items that n8n was asked for.
 */
function useNode(
	raw: unknown,
	items: IDataObject[] = [],
	resolve = (expression: string, item: number): unknown => `${expression} of item ${item}`,
) {
	const asked: number[] = [];
	const resolved = (value: unknown, item: number): unknown => {
		if (typeof value === 'string') return value.startsWith('=') ? resolve(value, item) : value;
		if (typeof value !== 'object' || value === null) return value;
		if (Array.isArray(value)) return value.map((one) => resolved(one, item));
		return Object.fromEntries(
			Object.entries(value).map(([key, one]) => [key, resolved(one, item)]),
		);
	};
	const context = {
		getInputData: () => items.map((json) => ({ json })),
		getNodeParameter(
			_name: string,
			item: number,
			_fallback: unknown,
			options?: { rawExpressions?: boolean; extractValue?: boolean },
		) {
			if (options?.rawExpressions) return raw;
			asked.push(item);
			const value = resolved(raw, item);
			return options?.extractValue ? (value as IDataObject).value : value;
		},
	} as unknown as IExecuteFunctions;
	return { asked, context, read: (item: number) => readParameter(context, 'parameter', item, '') };
}

const MESSAGES = { message: [{ type: 'message', role: 'user', content: 'Hello' }] };

test('What holds an expression, however deep, is read for each item', () => {
	const { read } = useNode({ metadata: { entry: [{ name: 'row', value: '=row' }] }, user: 'me' });
	for (const item of [0, 1, 2]) {
		const entry = [{ name: 'row', value: `=row of item ${item}` }];
		expect(read(item)).toEqual({ metadata: { entry }, user: 'me' });
	}
});

test.each([['a text'], [''], [0], [false], [null], [MESSAGES]])(
	'%j holds no expression: n8n resolves nothing',
	(raw) => {
		const { asked, read } = useNode(raw);
		expect([4, 0, 1, 2].map(read)).toEqual([raw, raw, raw, raw]);
		expect(asked).toEqual([]);
	},
);

test('What n8n is to take out of a value, it is asked for once', () => {
	const { asked, context } = useNode({ mode: 'list', value: 'llama' });
	const read = (item: number) => readParameter(context, 'model', item, '', { extractValue: true });
	expect([4, 0, 1].map(read)).toEqual(['llama', 'llama', 'llama']);
	expect(asked).toEqual([4]);
});

test('What all items share, none of them can change; and what n8n has, stays as it is', () => {
	const { read } = useNode(MESSAGES);
	const [first, second] = [0, 1].map((item) => read(item) as typeof MESSAGES);
	expect(second).toBe(first);
	expect(() => (first.message[0].content = 'Changed')).toThrow(TypeError);
	expect(Object.isFrozen(MESSAGES)).toBe(false);
});

test('Two executions share nothing', () => {
	expect(useNode('a').read(0)).toBe('a');
	expect(useNode('b').read(0)).toBe('b');
});

describe('An expression that only picks a text of the item', () => {
	const ITEMS = [{ q: 'one' }, { q: 'two' }, { q: '' }];
	const asN8n = (_expression: string, item: number) => ITEMS[item].q;

	test.each(['={{ $json.q }}', '={{$json.q}}', '={{\n\t$json.q\n}}'])(
		'%j: n8n is asked once',
		(raw) => {
			const { asked, read } = useNode(raw, ITEMS, asN8n);
			expect([0, 1, 2].map(read)).toEqual(['one', 'two', '']);
			expect(asked).toEqual([0]);
		},
	);

	test.each([
		['more text', '=Ask: {{ $json.q }}'],
		['text behind', '={{ $json.q }} '],
		['a call', '={{ $json.q.trim() }}'],
		['a deeper field', '={{ $json.q.r }}'],
		['another node', "={{ $('q').item.json.q }}"],
		['an operator', '={{ $json.q + 1 }}'],
		['two of them', '={{ $json.q }}{{ $json.q }}'],
		['a comment', '={{ $json.q // }}'],
	])('with %s is none: n8n is asked for each', (_what, raw) => {
		// even where it happens to give the same text
		const { asked, read } = useNode(raw, ITEMS, asN8n);
		[0, 1, 2].forEach(read);
		expect(asked).toEqual([0, 1, 2]);
	});

	test('is left to n8n where an item has no such text', () => {
		const items = [{ q: 'one' }, { q: 2 }, {}, { q: null }, { q: ['three'] }, { q: 'four' }];
		const { asked, read } = useNode('={{ $json.q }}', items, (_, item) => items[item].q ?? 'none');
		expect(items.map((_, item) => read(item))).toEqual([
			'one',
			2,
			'none',
			'none',
			['three'],
			'four',
		]);
		expect(asked).toEqual([0, 1, 2, 3, 4]);
	});

	test.each(['toString', 'constructor', '__proto__'])(
		'is not one that all objects have: %s',
		(name) => {
			const { asked, read } = useNode(`={{ $json.${name} }}`, ITEMS, () => 'As n8n has it');
			expect([0, 1].map(read)).toEqual(['As n8n has it', 'As n8n has it']);
			expect(asked).toEqual([0, 1]);
		},
	);

	test('is always left to n8n where it took the first item for something else', () => {
		const { asked, read } = useNode('={{ $json.q }}', ITEMS, (_, item) => `other ${item}`);
		expect([0, 1, 2].map(read)).toEqual(['other 0', 'other 1', 'other 2']);
		expect(asked).toEqual([0, 1, 2]);
	});
});
