import { type JsonObject, isObject } from '../json';

/** The annotations of a message that came as events of their own. */
export class StreamedAnnotations {
	/** By their JSON: some come twice. */
	private readonly all = new Map<string, { part: number; annotation: JsonObject }>();

	/** @param part how many parts of the text there are before its own */
	add(annotation: JsonObject, part: number) {
		this.all.set(JSON.stringify(annotation), { part, annotation });
	}

	/** The parts with their annotations, where they have none themselves. */
	addTo(content: unknown[]): unknown[] {
		if (this.all.size === 0 || content.some(isAnnotated)) return content;
		const all = [...this.all.values()];
		const last = content.length - 1;
		return content.map((part, place) => {
			const own = all.filter((one) => Math.min(one.part, last) === place);
			return isObject(part) && own.length > 0
				? { ...part, annotations: own.map(({ annotation }) => annotation) }
				: part;
		});
	}
}

export const isAnnotated = (part: unknown): boolean =>
	isObject(part) && Array.isArray(part.annotations) && part.annotations.length > 0;
