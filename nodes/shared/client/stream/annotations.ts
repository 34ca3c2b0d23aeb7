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
		const places = new Map<number, JsonObject[]>();
		for (const { part, annotation } of this.all.values()) {
			const place = Math.min(part, content.length - 1);
			const own = places.get(place);
			if (own) own.push(annotation);
			else places.set(place, [annotation]);
		}
		return content.map((part, place) => {
			const annotations = places.get(place);
			return isObject(part) && annotations ? { ...part, annotations } : part;
		});
	}
}

export const isAnnotated = (part: unknown): boolean =>
	isObject(part) && Array.isArray(part.annotations) && part.annotations.length > 0;
