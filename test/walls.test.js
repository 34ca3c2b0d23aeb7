const { execFileSync } = require('node:child_process');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '..');

/** Each an import that must not be: what, from which file, by which name. */
const CLIMBING = [
	['one node', 'nodes/LmChatGradient/form.ts', '../Gradient/hints'],
	['the other node', 'nodes/Gradient/hints.ts', '../LmChatGradient/answer'],
	['a node, from what both stand on', 'nodes/shared/form/options.ts', '../../Gradient/hints'],
	['the other, from there', 'nodes/shared/host/errors.ts', '../../LmChatGradient/answer'],
	['the forms, from the host', 'nodes/shared/host/errors.ts', '../form/values'],
	['the host, from the client', 'nodes/shared/client/http.ts', '../host/advice'],
	['a form, from the client', 'nodes/shared/client/stream/sse.ts', '../../form/values'],
	['n8n, from the client', 'nodes/shared/client/json.ts', 'n8n-workflow'],
	["n8n's engine, from the client", 'nodes/shared/client/stream/sse.ts', 'n8n-core'],
	["n8n's SDK, from the client", 'nodes/shared/client/schema/model.ts', '@n8n/ai-node-sdk'],
	['the router, from an operation', 'nodes/Gradient/response/create.operation.ts', '../router'],
	['the node, from an operation', 'nodes/Gradient/model/getMany.operation.ts', '../Gradient.node'],
	['a response, from the schema', 'nodes/shared/client/schema/request.ts', '../response/usage'],
	['a response, from the transport', 'nodes/shared/client/transport/abort.ts', '../response/usage'],
	['the pace, from a response', 'nodes/shared/client/response/models.ts', '../pacing/retry'],
	['a response, from the pace', 'nodes/shared/client/pacing/retry.ts', '../response/usage'],
	['a stream, from a response', 'nodes/shared/client/response/response.ts', '../stream/sse'],
	['HTTP, from a stream', 'nodes/shared/client/stream/sse.ts', '../http'],
	['the client, from HTTP', 'nodes/shared/client/http.ts', './client'],
	['all of it, from HTTP', 'nodes/shared/client/http.ts', './index'],
];

/** Each an import that may be. */
const DESCENDING = [
	['nodes/shared/client/client.ts', './http'],
	['nodes/shared/client/client.ts', './pacing/retry'],
	['nodes/shared/client/http.ts', './stream/delta'],
	['nodes/shared/client/stream/sse.ts', '../response/usage'],
	['nodes/shared/client/response/usage.ts', '../schema/response'],
	['nodes/shared/form/values.ts', '../client/json'],
	['nodes/shared/form/values.ts', '../host/errors'],
	['nodes/Gradient/router.ts', '../shared/host/errors'],
	['nodes/LmChatGradient/form.ts', '../shared/form/values'],
];

/** ESLint reads its configuration with import(), which Jest does not have. One process for all, as each starts slowly. */
const LINT = `
	const { ESLint } = require('eslint');
	const eslint = new ESLint();
	const said = async ([filePath, code]) => (await eslint.lintText(code, { filePath }))[0].messages;
	Promise.all(JSON.parse(process.argv[1]).map(said)).then((all) => console.log(JSON.stringify(all)));
`;

function lint(sources, rule) {
	const args = ['-e', LINT, JSON.stringify(sources)];
	const said = JSON.parse(execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' }));
	return said.map((messages) =>
		messages.filter(({ ruleId }) => ruleId === rule).map(({ line }) => line),
	);
}

/** An import in each form that there is, a line each. */
const importing = (specifier) =>
	[
		`import type { A } from '${specifier}';`,
		`import { b } from '${specifier}';`,
		`export { c } from '${specifier}';`,
		`export const d: A = async () => [b, await import('${specifier}')];`,
	].join('\n');

/** Each a way to copy all that there is in order to add to it. */
const COPYING = [
	['a list in a loop', 'for (const x of xs) all = [...all, x];'],
	['a list at its beginning', 'for (const x of xs) all = [x, ...all];'],
	['a list with a default', 'for (const x of xs) all = [...(all ?? []), x];'],
	['a list of a type', 'for (const x of xs) all = [...(all as unknown[]), x];'],
	['a list by concat', 'for (const x of xs) all = all.concat(x);'],
	['a list in a function', 'xs.forEach((x) => { all = [...all, x]; });'],
	['a list that is state', 'class A { add(x) { this.all = [...this.all, x]; } }'],
	['an object that is state', 'class A { add(x) { this.all = { ...this.all, [x]: 1 }; } }'],
	['an object in a loop', 'for (const x of xs) all = { ...all, [x]: 1 };'],
	['an object in a function', 'xs.forEach((x) => { all = { ...all, [x]: 1 }; });'],
	['a list of a map', 'map.set(key, [...(map.get(key) ?? []), x]);'],
	['a list of a map, found before', 'const all = map.get(key) ?? []; map.set(key, [...all, x]);'],
	['a list of a map, by concat', 'map.set(key, (map.get(key) ?? []).concat(x));'],
	['a list in a reduce', 'xs.reduce((all, x) => [...all, x], []);'],
	['a list of a type in a reduce', 'xs.reduce<string[]>((all: string[], x) => [...all, x], []);'],
	['a list in a reduce, by concat', 'xs.reduce((all, x) => all.concat(x), []);'],
	['an object in a reduce', 'xs.reduce((all, x) => ({ ...all, [x]: 1 }), {});'],
	['a list in a reduce with a condition', 'xs.reduce((all, x) => (x ? [...all, x] : all), []);'],
	[
		'a list in a reduce with statements',
		'xs.reduce((all, x) => { if (x) { return [...all, x]; } return all; }, []);',
	],
	['a list in a reduce from the right', 'xs.reduceRight((all, x) => [...all, x], []);'],
];

/** Each a copy that is made once, or of something else. */
const COPYING_ONCE = [
	'const both = [...xs, ...ys];',
	'const item = { ...first, a: 1 };',
	'for (const x of xs) all.push(x);',
	'for (const x of xs) last = [...x];',
	'for (const x of xs) last = [...x, 1];',
	'message.data = { ...message.data, a: 1 };',
	'map.set(key, [x]);',
	'map.set(key, [...xs]);',
	'xs.reduce((sum, x) => sum + x, 0);',
	'xs.map((x) => [...x, 1]);',
];

describe('The linter', () => {
	const cases = [...CLIMBING.map(([, ...rest]) => rest), ...DESCENDING];
	const copies = [...COPYING.map(([, code]) => code), ...COPYING_ONCE];
	let lines;
	let copyLines;

	beforeAll(() => {
		lines = lint(
			cases.map(([file, specifier]) => [file, importing(specifier)]),
			'import-x/no-restricted-paths',
		);
		copyLines = lint(
			copies.map((code) => ['nodes/shared/client/json.ts', code]),
			'own/no-copy-to-append',
		);
	});

	test.each(COPYING.map(([what], index) => [what, index]))(
		'refuses a copy that is made to add to %s',
		(_what, index) => {
			expect(copyLines[index]).toEqual([1]);
		},
	);

	test.each(COPYING_ONCE.map((code, index) => [code, COPYING.length + index]))(
		'lets other copies be: %s',
		(_code, index) => {
			expect(copyLines[index]).toEqual([]);
		},
	);

	test.each(CLIMBING.map(([what], index) => [what, index]))(
		'refuses an import of %s',
		(_what, index) => {
			expect(lines[index]).toEqual([1, 2, 3, 4]);
		},
	);

	test('lets an import go down', () => {
		expect(lines.slice(CLIMBING.length)).toEqual(DESCENDING.map(() => []));
	});
});
