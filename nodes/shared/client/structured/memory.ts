/** What is known of how a model of a server can be asked for structured output. */
export interface Known {
	/** Text Format was refused or ignored, and Function Call worked. */
	isByFunction?: true;
	/** Function Call was ignored, too: the model wrote text. */
	isWithoutCalls?: true;
	/** Ways whose schema it takes only without `strict`. */
	loose: string[];
	/** Keywords that it takes in no schema. */
	without: string[];
}

/** Pairs of server and model: more than anybody uses at a time. */
const REMEMBERED = 1_000;

/** By server and model: behind one address, a gateway has servers of many kinds. Until n8n ends. */
const remembered = new Map<string, Known>();

export const recall = (key: string): Known => {
	const known = remembered.get(key);
	return known ? structuredClone(known) : { loose: [], without: [] };
};

export function remember(key: string, known: Known) {
	remembered.delete(key);
	remembered.set(key, structuredClone(known));
	const [oldest] = remembered.keys();
	if (remembered.size > REMEMBERED) remembered.delete(oldest);
}
