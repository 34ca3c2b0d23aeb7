/**
 * An ESLint rule: nothing is copied to add to it. `all = [...all, one]` in a loop, a `reduce` or a Map takes
 * a second for some thousands, and minutes for the items of a large workflow. Once, outside of these, a copy
 * is fine.
 */

const LOOPS = new Set([
	'ForStatement',
	'ForInStatement',
	'ForOfStatement',
	'WhileStatement',
	'DoWhileStatement',
]);

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

const EACH = new Set(['forEach', 'map', 'flatMap', 'filter', 'some', 'every', 'find']);

const methodOf = (node) =>
	node?.type === 'CallExpression' && node.callee.type === 'MemberExpression'
		? node.callee.property.name
		: undefined;

/** Without what only TypeScript or a default adds: `(all ?? [])!` is `all`. */
function bare(node) {
	if (/^TS(As|NonNull|Satisfies)/.test(node.type)) return bare(node.expression);
	return node.type === 'LogicalExpression' ? bare(node.left) : node;
}

/** What a value was copied from to add to it: `all` of `[...all, one]`, of `{ ...all, one }`, of `all.concat(one)`. */
function copied(value) {
	const node = bare(value);
	if (methodOf(node) === 'concat') return [node.callee.object];
	const entries = node.type === 'ArrayExpression' ? node.elements : node.properties;
	if (!['ArrayExpression', 'ObjectExpression'].includes(node.type)) return [];
	const spread = entries.filter((entry) => entry?.type === 'SpreadElement');
	// nothing is added to a mere copy
	return entries.length > 1 ? spread.map(({ argument }) => bare(argument)) : [];
}

export const noCopyToAppend = {
	meta: {
		type: 'problem',
		schema: [],
		messages: {
			copy: 'Nothing is copied to add to it, again and again: that takes the square of the time. Push, or set the key.',
		},
	},
	create(context) {
		const textOf = (node) => context.sourceCode.getText(node);
		const report = (node) => context.report({ node, messageId: 'copy' });
		const isRepeated = (node) =>
			context.sourceCode
				.getAncestors(node)
				.some(
					(one) =>
						LOOPS.has(one.type) || (FUNCTIONS.has(one.type) && EACH.has(methodOf(one.parent))),
				);
		// what lives longer than a call is added to by each call
		const isState = (node) => textOf(node).startsWith('this.');

		return {
			AssignmentExpression(node) {
				const { left, right } = node;
				const isAppended = copied(right).some((from) => textOf(from) === textOf(left));
				const isList = bare(right).type !== 'ObjectExpression';
				if (isAppended && (isList || isState(left) || isRepeated(node))) report(node);
			},
			CallExpression(node) {
				const value = node.arguments[1];
				if (methodOf(node) === 'set' && value && copied(value).length > 0) report(value);
			},
			'CallExpression[callee.property.name=/^reduce(Right)?$/]'(node) {
				const [step] = node.arguments;
				const all = step && FUNCTIONS.has(step.type) ? step.params[0] : undefined;
				if (!all) return;
				const name = textOf(all).replace(/[:?].*$/s, '');
				for (const value of returned(step.body)) {
					if (copied(value).some((from) => textOf(from) === name)) report(value);
				}
			},
		};
	},
};

/** What a function may give. */
function returned(body) {
	if (body.type !== 'BlockStatement') return branches(body);
	const found = [];
	const look = (node) => {
		if (!node || FUNCTIONS.has(node.type)) return;
		if (node.type === 'ReturnStatement' && node.argument) found.push(...branches(node.argument));
		for (const key of ['body', 'consequent', 'alternate', 'block', 'cases']) {
			[node[key]].flat().forEach((one) => one?.type && look(one));
		}
	};
	look(body);
	return found;
}

const branches = (node) =>
	node.type === 'ConditionalExpression'
		? [...branches(node.consequent), ...branches(node.alternate)]
		: [node];
