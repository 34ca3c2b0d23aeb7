/**
 * How much of what comes from outside is taken: from the server, from incoming items, from a model. Nothing
 * of it may stop n8n for longer than a moment or fill its memory. What is over a limit is refused or cut
 * where it enters, and says so.
 */

const KB = 1024;
const MB = 1024 * KB;

/**
 * Bytes of an answer in one piece, or characters of one event of a stream. Node reads 16 MB of JSON in
 * about 0.1 s, in which n8n can do nothing else. A model that writes for an hour writes less than 1 MB.
 */
export const JSON_LIMIT = 16 * MB;

/** Bytes of a stream, its comments included: it is read piece by piece, so only memory counts. */
export const STREAM_LIMIT = 64 * MB;

/** Bytes of an error's body. Status and headers say the most of it; vLLM's longest validation messages fit. */
export const ERROR_BODY_LIMIT = 256 * KB;

/** How long the body of an error is read, ms: a 429 whose body drips is a 429 all the same. */
export const ERROR_BODY_MS = 5_000;

/** Levels of lists and objects. n8n stores what is nested deeper, and then cannot open the execution again. */
export const MAX_DEPTH = 200;

/** Lists and objects in a JSON text: each takes up to a microsecond and 56 bytes, however short it is. */
export const MAX_OBJECTS = 250_000;

/** All values in a JSON text. Log probabilities of a long answer are some hundred thousand. */
export const MAX_VALUES = 1_000_000;

/** Different keys in a JSON text, or of a response: JavaScript takes microseconds for a new one. */
export const MAX_KEYS = 10_000;

/**
 * Entries of all lists that are read of an answer: items, their parts, calls; and of a list of models.
 * Checking one takes microseconds, and the catalogue has less than a hundred.
 */
export const MAX_ENTRIES = 10_000;

/** Entries that are kept of an answer which has too many: n8n stores them with the execution. */
export const KEPT_ENTRIES = 1_000;

/** Lines of a stream that belong to no event: the parser (3.1) makes an error with a stack for each. */
export const MAX_STRANGE_LINES = 10_000;

/** Characters of foreign text in which patterns are looked for: a title stands at the beginning of a page. */
export const PATTERN_LIMIT = 4 * KB;

/** Characters of an API's message that are shown: vLLM's validation messages can be whole dumps. */
export const MESSAGE_LIMIT = 600;

/** Characters of the other words of a failure: code, type, parameter, request id, address. */
export const WORD_LIMIT = 300;

/** Characters of a failure's body that are kept with the error, which n8n stores with the execution. */
export const KEPT_BODY_LIMIT = 4_000;

/** Problems of a form that one error names: each of 20,000 items may have its own. */
export const NAMED_PROBLEMS = 20;

/** How long a stream may be silent once it has begun, ms. Comments, which keep it alive, count. */
export const IDLE_LIMIT_MS = 120_000;

/** How long a stream may go on after its answer is whole, for usage and `[DONE]`, ms. */
export const LAST_WORDS_MS = 10_000;

/** How long a whole stream may take, ms: comments alone would keep it alive for ever. */
export const STREAM_MS = 3_600_000;

/** A longer wait than a year, in ms, is a mistake of the server, and no date can be told for some. */
export const LONGEST_WAIT_MS = 365 * 24 * 3_600_000;

/** Characters of a secret that is looked for. Placeholders of servers without keys (`none`, `test`) are words. */
export const SHORTEST_SECRET = 8;
