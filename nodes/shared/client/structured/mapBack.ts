import { type JsonObject, isObject } from '../json';
import { MAX_LEVELS, type Shape, admitsNull, resolve, shapeOf } from './shape';

/** Unions in unions whose branches are tried: those that hold each other would multiply. */
const MAX_UNIONS = 3;

/** Whether a value fits a schema of the same definitions. */
type Fits = (value: unknown, schema: JsonObject) => boolean;

/**
 * A value that was asked for by the plain schema, as one of the schema itself: without the nulls that stand for what
 * was left out, and without keys that it does not name.
 * @param dropped is told of the keys
 */
export function mapBack(
	value: unknown,
	schema: JsonObject,
	{ root, fits, dropped }: { root: JsonObject; fits: Fits; dropped(key: string): void },
): unknown {
	let unions = 0;
	const map = (one: unknown, given: unknown, level: number, tell: typeof dropped): unknown => {
		const shape = level > MAX_LEVELS ? undefined : shapeOf(given);
		switch (shape?.kind) {
			case 'ref':
				return map(one, resolve(shape.ref, root), level + 1, tell);
			case 'object':
				return isObject(one) ? mapObject(one, shape, level, tell) : one;
			case 'array': {
				if (!Array.isArray(one)) return one;
				const { items } = shape;
				return one.map((inner: unknown, index) =>
					map(inner, items[Math.min(index, items.length - 1)], level + 1, tell),
				);
			}
			case 'anyOf': {
				if (unions >= MAX_UNIONS) return one;
				for (const branch of shape.branches.filter(isObject)) {
					const keys: string[] = [];
					unions++;
					const mapped = map(one, branch, level + 1, (key) => keys.push(key));
					unions--;
					if (!fits(mapped, branch)) continue;
					keys.forEach(tell);
					return mapped;
				}
				return one;
			}
			default:
				return one;
		}
	};

	const mapObject = (
		one: JsonObject,
		{ properties, required, isOpen }: Extract<Shape, { kind: 'object' }>,
		level: number,
		tell: typeof dropped,
	) => {
		const entries = Object.entries(one).flatMap(([key, inner]): Array<[string, unknown]> => {
			if (!Object.hasOwn(properties, key)) {
				if (isOpen) return [[key, inner]];
				tell(key);
				return [];
			}
			const isLeftOut =
				inner === null && !required.includes(key) && !admitsNull(properties[key], root);
			return isLeftOut ? [] : [[key, map(inner, properties[key], level + 1, tell)]];
		});
		return Object.fromEntries(entries);
	};

	return map(value, schema, 0, dropped);
}
