import { readJson } from '../json';

/** A function that the model wants called. */
export interface ToolCall {
	call_id: string;
	name: string;
	/** The parsed arguments, or the text as it came where that is not JSON. */
	arguments: unknown;
	arguments_error?: string;
}

interface Call {
	callId: string;
	name: string;
	arguments: string;
}

/** @param call its arguments as the API sent them, JSON or not */
export function toToolCall({ callId: call_id, name, arguments: text }: Call): ToolCall {
	// vLLM sends "" where a function is called without arguments
	const { value, excess } = text.trim() === '' ? { value: {} } : readJson(text);
	if (value !== undefined) return { call_id, name, arguments: value };
	return {
		call_id,
		name,
		arguments: text,
		arguments_error: excess
			? `The JSON of the arguments ${excess}`
			: 'The arguments are not valid JSON',
	};
}
