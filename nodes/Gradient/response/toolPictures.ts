import type { InputItem } from '../../shared/client';
import type { AnsweredCall } from './toolRun';

/**
 * The pictures in the results of a round, for a model that takes them: a message beside the results, because the
 * output of a call is text only. Nothing where there are none.
 */
export function picturesOf(answered: AnsweredCall[]): InputItem[] {
	const withPictures = answered.filter(({ pictures }) => pictures.length > 0);
	if (withPictures.length === 0) return [];
	const parts = withPictures.flatMap(({ run, pictures }) => [
		{ type: 'input_text', text: `From the result of ${run.name} (${run.call_id}):` },
		...pictures.map(({ url }) => ({ type: 'input_image', image_url: url })),
	]);
	return [{ type: 'message', role: 'user', content: parts }];
}
