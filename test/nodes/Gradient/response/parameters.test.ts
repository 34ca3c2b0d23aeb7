import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { readParameters } from '../../../../nodes/Gradient/response/parameters';

/** A form in which every text that begins with `=` stands for "<text> of item <index>". */
function formOf(form: IDataObject) {
	const resolved: string[] = [];
	const resolve = (raw: unknown, item: number): unknown => {
		if (typeof raw === 'string') return raw.startsWith('=') ? `${raw} of item ${item}` : raw;
		if (typeof raw !== 'object' || raw === null) return raw;
		if (Array.isArray(raw)) return raw.map((one) => resolve(one, item));
		return Object.fromEntries(Object.entries(raw).map(([key, one]) => [key, resolve(one, item)]));
	};
	const context = {
		getNodeParameter(
			name: string,
			item: number,
			fallback: unknown,
			options?: { rawExpressions?: boolean },
		) {
			const raw = form[name] ?? fallback;
			if (options?.rawExpressions) return raw;
			resolved.push(name);
			return resolve(raw, item);
		},
	} as unknown as IExecuteFunctions;
	return { context, resolved };
}

const MESSAGES = { message: [{ type: 'message', role: 'user', content: 'Hello' }] };

test('What holds an expression, however deep, is read for each item', () => {
	const { context } = formOf({
		model: 'm',
		inputType: 'text',
		prompt: '=ask',
		options: { metadata: { entry: [{ name: 'row', value: '=row' }] }, user: 'me' },
	});
	const [first, second] = [0, 1].map((item) => readParameters(context, item));
	expect([first.prompt, second.prompt]).toEqual(['=ask of item 0', '=ask of item 1']);
	expect(second.options).toEqual({
		metadata: { entry: [{ name: 'row', value: '=row of item 1' }] },
		user: 'me',
	});
});

test('What holds none is resolved once', () => {
	const { context, resolved } = formOf({
		model: 'm',
		inputType: 'text',
		prompt: '=ask',
		options: { temperature: 0 },
	});
	for (let item = 0; item < 5; item++) readParameters(context, item);
	expect(resolved.filter((name) => name === 'prompt')).toHaveLength(5);
	for (const name of ['model', 'options', 'tools', 'instructions']) {
		expect(resolved.filter((one) => one === name)).toHaveLength(1);
	}
});

test('No two items share an object, so that a change of one is none of the other', () => {
	const { context } = formOf({ model: 'm', inputType: 'messages', messages: MESSAGES });
	const [first, second, third] = [0, 1, 2].map((item) => readParameters(context, item));
	expect(third).toEqual(first);
	expect(first.messages?.[0]).not.toBe(second.messages?.[0]);
	expect(second.messages?.[0]).not.toBe(third.messages?.[0]);
});

test('Two executions share nothing', () => {
	const [one, other] = ['a', 'b'].map((model) => formOf({ model, inputType: 'text' }).context);
	expect(readParameters(one, 0).model).toBe('a');
	expect(readParameters(other, 0).model).toBe('b');
});
