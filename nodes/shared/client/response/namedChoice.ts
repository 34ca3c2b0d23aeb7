import type { GradientApiError } from '../errors';
import { type JsonObject, isObject } from '../json';

/**
 * The two ways in which a request names the function that the model must call. DigitalOcean's reference has
 * `{type, function: {name}}`; vLLM 0.32 reads `{type, name}`, and so do OpenAI's newer models.
 */
export type ChoiceForm = 'nested' | 'flat';

/** The form of a `tool_choice` that names a function; undefined where it names none, or both ways at once. */
export function formOf(choice: unknown): ChoiceForm | undefined {
	if (!isObject(choice)) return undefined;
	const isNested = isObject(choice.function);
	const isFlat = typeof choice.name === 'string';
	return isNested === isFlat ? undefined : isNested ? 'nested' : 'flat';
}

/** The same choice in the given form; what names nothing stays as it is. */
export function inForm(choice: unknown, form: ChoiceForm): unknown {
	const present = formOf(choice);
	if (!present || present === form || !isObject(choice)) return choice;
	const { function: inner, name, ...rest } = choice;
	return form === 'flat' ? { ...rest, ...(inner as JsonObject) } : { ...rest, function: { name } };
}

/** The function that it names, in either form. */
export function nameOfChoice(choice: unknown): string | undefined {
	if (!isObject(choice)) return undefined;
	const { name } = isObject(choice.function) ? choice.function : choice;
	return typeof name === 'string' ? name : undefined;
}

/**
 * Whether a server refuses the choice: vLLM 0.32 answers 400 with the parameter `tool_choice`, servers on FastAPI
 * 422 with the place `['body', 'tool_choice', …]`, others have the word in their message.
 */
export function isChoiceRefused({ message, details }: GradientApiError): boolean {
	const { status, parameter = '', body } = details;
	if (status !== 400 && status !== 422) return false;
	if (parameter) return /^(body\W+)?tool_choice\b/.test(parameter);
	const places = isObject(body) && Array.isArray(body.detail) ? JSON.stringify(body.detail) : '';
	return /\btool[_ ]choice\b/i.test(`${message}\n${places}`);
}
