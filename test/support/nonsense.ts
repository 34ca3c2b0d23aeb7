/** Values that nobody should throw or send, by name. Made anew for each test: some change when they are touched. */

const deep = (levels: number): unknown => {
	let value: unknown = 1;
	for (let level = 0; level < levels; level++) value = { a: value };
	return value;
};

function circular() {
	const value: Record<string, unknown> = { a: 1 };
	value.self = value;
	return value;
}

const trap = () => {
	throw new Error('Hands off');
};

/** Throws whatever is asked of it. */
const untouchable = () =>
	new Proxy(
		{},
		{
			get: trap,
			has: trap,
			ownKeys: trap,
			getOwnPropertyDescriptor: trap,
			getPrototypeOf: trap,
			set: trap,
		},
	);

export const nonsense: Record<string, () => unknown> = {
	undefined: () => undefined,
	null: () => null,
	'an empty text': () => '',
	text: () => 'It broke',
	NaN: () => NaN,
	'a bigint': () => 10n,
	'a symbol': () => Symbol('odd'),
	'a function': () => trap,
	'a list': () => [1, [2]],
	'an empty object': () => ({}),
	'an object without a prototype': () => Object.create(null) as unknown,
	'an object that holds itself': circular,
	'100,000 levels of objects': () => deep(100_000),
	'a getter that throws': () => ({
		get message() {
			return trap();
		},
	}),
	'a toString that throws': () => ({ toString: trap, toJSON: trap }),
	'what throws whatever is asked': untouchable,
	'a revoked proxy': () => {
		const { proxy, revoke } = Proxy.revocable({}, {});
		revoke();
		return proxy;
	},
	'a bigint within': () => ({ a: [{ b: 10n }] }),
	'a date that is none': () => new Date(NaN),
};
