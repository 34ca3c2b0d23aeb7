import { GradientApiError } from '../errors';
import { isObject } from '../json';
import { type Model, modelSchema } from '../schema/model';
import { describeFailure } from '../transport/failure';

/**
 * Reads the body of `GET /models`, sorted by id. Nothing is filtered out but entries without an id: no rule about
 * names knows which models a key may use.
 * @throws GradientApiError `answer`, if the body holds no list
 */
export function readModels(body: unknown): Model[] {
	const list = isObject(body) ? body.data : undefined;
	if (!Array.isArray(list)) {
		const { message, ...details } = describeFailure(
			body,
			'The API answered without a list of models',
		);
		throw new GradientApiError(message, { kind: 'answer', status: 200, ...details });
	}
	return list
		.flatMap((entry) => modelSchema.safeParse(entry).data ?? [])
		.sort((one, other) => one.id.localeCompare(other.id));
}
