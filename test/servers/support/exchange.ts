/** One request of a node, and what the server answered, as fixtures keep it. */
export interface Exchange {
	request: {
		method: string;
		path: string;
		/** Parsed; a text where it is not JSON. */
		body?: unknown;
	};
	status: number;
	/** Those that the client reads. */
	headers: Record<string, string>;
	/** The body, cut as it was read from the connection. */
	chunks: Chunk[];
	/** The node went away before the answer had ended. */
	isLeft?: true;
}

/** Text where it is; a cut may fall within a character. */
export type Chunk = string | { base64: string };

export function toChunk(bytes: Buffer): Chunk {
	const text = bytes.toString('utf8');
	return Buffer.from(text).equals(bytes) ? text : { base64: bytes.toString('base64') };
}

export const toBytes = (chunk: Chunk): Buffer =>
	typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk.base64, 'base64');
