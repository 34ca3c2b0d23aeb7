import { inOrder } from '../../../../nodes/shared/form/optionOrder';
import { Gradient } from '../../../../nodes/Gradient/Gradient.node';

const field = (name: string) => ({
	displayName: name,
	name,
	type: 'string' as const,
	default: '',
});

test('What people look for first comes first, what hardly anybody needs last', () => {
	const names = ['user', 'maxTokens', 'topP', 'stop', 'include', 'temperature', 'modalities'];
	expect(inOrder(names.map(field)).map(({ name }) => name)).toEqual([
		...['temperature', 'stop', 'topP', 'include', 'user', 'modalities', 'maxTokens'],
	]);
});

test('The form of the node is in that order, and its two buttons have words of their own', () => {
	const { properties } = new Gradient().description;
	const [options] = properties.filter(({ name }) => name === 'options');
	const labels = [
		...new Set(options.options?.map((one) => 'displayName' in one && one.displayName)),
	];
	expect(labels.slice(0, 2)).toEqual(['Temperature', 'Max Output Tokens']);
	expect(labels.slice(-3)).toEqual(['Modalities', 'Max Tokens', 'Include Usage']);
	const [request] = properties.filter(({ name }) => name === 'requestOptions');
	expect([options.placeholder, request.placeholder]).toEqual(['Add Option', 'Add Request Option']);
});
