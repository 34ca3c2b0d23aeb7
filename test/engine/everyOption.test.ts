import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { GRADIENT, NODE, VERSION, useGradient } from '../support/gradientNode';
import { startWithTools } from '../support/toolNodes';
import { rows, type OptionRow } from './everyOption.rows';

const gradient = useGradient();

const description = () => gradient.loader.getNode(GRADIENT.split('.')[1]).type;

type Leaf = [path: string, property: INodeProperties];

/** The properties that hold a value, those within collections included. */
function leavesOf(properties: INodeProperties[], parent = ''): Leaf[] {
	return properties.filter(isNew).flatMap((property) => {
		const path = `${parent}${property.name}`;
		const options = property.options ?? [];
		if (property.type === 'collection') return leavesOf(options as INodeProperties[], `${path}.`);
		if (property.type !== 'fixedCollection') return [[path, property] as Leaf];
		return options.flatMap((group) =>
			'values' in group ? leavesOf(group.values, `${path}.${group.name}.`) : [],
		);
	});
}

/** There is nothing else to choose: as soon as there is, it needs a row. */
const hasOneValue = ({ type, options }: INodeProperties) =>
	type === 'options' && options?.length === 1;

const loadedLeaves = () => {
	const node = description();
	if (!('description' in node) || !('properties' in node.description)) {
		throw new Error('The node has versions: walk all of them');
	}
	return leavesOf(node.description.properties).filter(
		([, property]) => property.type !== 'notice' && !hasOneValue(property),
	);
};

/** Not kept for workflows of an older version of the node only. */
const isNew = ({ displayOptions }: INodeProperties) =>
	(displayOptions?.show?.['@version'] ?? [VERSION]).some(
		(version) => typeof version === 'object' || version === VERSION,
	);

/** The form with a value at a path; of a list of rows, in the first. */
function withValue(form: IDataObject, [key, ...rest]: string[], value: unknown): IDataObject {
	const place = form[key];
	if (rest.length === 0) return { ...form, [key]: value as IDataObject };
	const changed = Array.isArray(place)
		? [withValue(place[0] as IDataObject, rest, value)]
		: withValue((place ?? {}) as IDataObject, rest, value);
	return { ...form, [key]: changed as IDataObject };
}

/** All that the server or the next node can see of a run. */
async function observe(form: IDataObject, row: OptionRow) {
	const { items, binaries, tools = {}, answer, isListenedTo } = row;
	const { server } = gradient;
	server.reset();
	const script = answer?.(server);
	if (script) server.answer(script);
	const chat = isListenedTo ? { mode: 'webhook' as const, streaming: true } : {};
	const run = startWithTools(gradient, form, { tools, items, binaries, ...chat });
	const result = await run.result;
	return {
		requests: server.requests.map(({ method, path, body, headers }) => ({
			method,
			path,
			body,
			affinity: headers['x-model-affinity'],
		})),
		chat: run.chunks.map(({ content }) => content),
		peakInFlight: server.peakInFlight,
		output: result.error ? result.error.message : [result.json(NODE), result.json(NODE, 1)],
	};
}

test('There is a row for each field of the form, and a field for each row', () => {
	expect(
		loadedLeaves()
			.map(([path]) => path)
			.sort(),
	).toEqual(Object.keys(rows).sort());
});

test('No field appears twice', () => {
	const paths = loadedLeaves().map(([path]) => path);
	expect(paths).toEqual([...new Set(paths)]);
});

test.each(Object.entries(rows))('%s makes a difference', async (path, row) => {
	const [, property] = loadedLeaves().find(([name]) => name === path) ?? [];
	expect(row.to).not.toEqual(row.from ?? property?.default);
	const before = await observe(
		withValue(row.form, path.split('.'), row.from ?? property?.default),
		row,
	);
	const after = await observe(withValue(row.form, path.split('.'), row.to), row);
	expect(after).not.toEqual(before);
	expect(typeof after.output).toBe(row.fails ? 'string' : 'object');
});

test('Values of the rows are among those that a field offers', () => {
	for (const [path, { type, options }] of loadedLeaves()) {
		if (type !== 'options' && type !== 'multiOptions') continue;
		const offered = (options as INodePropertyOptions[]).map(({ value }) => value);
		expect(offered).toEqual(expect.arrayContaining([rows[path].to].flat()));
	}
});
