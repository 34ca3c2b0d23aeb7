import { type JsonObject, isObject } from '../json';
import { cutCalls } from '../response/cutCalls';
import { nameOfChoice } from '../response/namedChoice';
import type { GradientResponse } from '../response/response';
import { type Usage, addUsage } from '../response/usage';
import type { ResponseRequest } from '../schema/request';
import { isFunction, sentSchema, withOutput } from './asking';
import { cutOff, misfit, refused, withPaid } from './failures';
import { type Known, recall, remember } from './memory';
import { plainSchema } from './plainSchema';
import { OutputReader, type Reading } from './reading';
import { conceded, isRefusal } from './refusals';
import { asText, repaired } from './rewriting';
import type { ChosenWay, PlainSchema, Wanted, Way } from './wanted';

export { unknownFormats } from './check';
export { recall, remember } from './memory';
export { withoutFillers } from './reading';
export { isRefusal } from './refusals';

export interface StructuredOptions {
	way?: ChosenWay;
	/** How often the model is told what does not fit, and asked again. */
	maxRepairs?: number;
	/** The base URL: what a model of a server can do is remembered. */
	server: string;
	model: string;
	/** What was known before, for a repetition of the same requests. */
	known?: Known;
}

/** Sends one request. */
export type Create = (request: ResponseRequest) => Promise<GradientResponse>;

/** An answer that is structured output. */
export interface Settled {
	/** Checked: it fits the schema. */
	value: unknown;
	/** The last one, with the JSON for its text, whichever way it came. */
	response: GradientResponse;
	/** Of all requests. */
	usage: Usage;
	/** What the user should know. */
	notes: string[];
}

/** An answer that is there already, and how it was asked for. */
export interface Answered {
	response: GradientResponse;
	way: Way;
}

const DEFAULT_REPAIRS = 1;

/**
 * Asks for a value that fits a schema, in a way that the server knows, reads and checks it, and asks again where it
 * does not fit.
 */
export class StructuredOutput {
	readonly name: string;
	private readonly plain: PlainSchema;
	private readonly reader: OutputReader;
	private readonly key: string;
	private known: Known;

	/** @throws Error, where nobody could check by the schema: in words that follow the name of its field */
	constructor(
		private readonly wanted: Wanted,
		private readonly options: StructuredOptions,
	) {
		this.name = wanted.name;
		this.plain = plainSchema(wanted.schema);
		this.reader = new OutputReader(wanted, this.plain);
		this.key = `${options.server}\n${options.model}`;
		this.known = structuredClone(options.known ?? recall(this.key));
	}

	/** What the same requests would be made by again. */
	get start(): Known {
		return structuredClone(this.known);
	}

	/** How the first request would ask. */
	get way(): Way {
		const { way = 'automatic' } = this.options;
		if (way !== 'automatic') return way;
		return this.known.isByFunction ? 'functionCall' : 'textFormat';
	}

	/** Whether the model may call functions first: Text Format would forbid it (vLLM 0.32). */
	mayCall({ tools, tool_choice: choice }: ResponseRequest): boolean {
		return choice !== 'none' && (tools ?? []).some(isFunction);
	}

	/** Whether the answer to a request must be the output. */
	isAskedBy({ text, tool_choice: choice }: ResponseRequest): boolean {
		return (isObject(text) && 'format' in text) || nameOfChoice(choice) === this.name;
	}

	/** The request with the function that takes the output among its tools. */
	amongTools(request: ResponseRequest): ResponseRequest {
		return withOutput(request, 'functionCall', this.asking);
	}

	/**
	 * Sends a request, and once more without what the server refuses of the wish for output.
	 * @throws what `create` throws
	 */
	async send(request: ResponseRequest, way: Way, create: Create): Promise<GradientResponse> {
		for (let refusals = 0; ; refusals++) {
			const sent = withOutput(request, way, this.asking);
			const outcome = await create(sent).then(
				(response) => ({ response }),
				(error: unknown) => ({ error }),
			);
			if ('response' in outcome) {
				if (refusals > 0) remember(this.key, this.known);
				return outcome.response;
			}
			const isLast = way === 'functionCall' || this.options.way === 'textFormat';
			const { plain, known } = this;
			// which ends, as nothing is left out twice
			const more = isRefusal(outcome.error)
				? conceded(outcome.error, way, { plain, known, isLast })
				: undefined;
			if (!more) throw outcome.error;
			this.known = more;
		}
	}

	/** Reads an answer; what is left to ask for, `settle` asks for. */
	read(response: GradientResponse, way: Way): Reading {
		return this.reader.read(response, way, sentSchema(this.asking));
	}

	/** A text that should be the value, and nothing of which is asked for again. */
	readText(text: string): Reading {
		return this.reader.readText(text, sentSchema(this.asking));
	}

	/**
	 * Asks until a value is there that fits.
	 * @param request without the wish for output; the answer must be the value, so no other function is called
	 * @param first an answer to it that is paid for already
	 * @throws GradientApiError `output`, with all that was paid for; what `create` throws
	 */
	async settle(request: ResponseRequest, create: Create, first?: Answered): Promise<Settled> {
		let way = first?.way ?? this.way;
		let asked = request;
		let answer = first?.response;
		let usage: Usage | undefined;
		let repairs = 0;
		let requests = 0;
		let isRefused = false;
		const notes: string[] = [];
		for (;;) {
			const sent = await this.answerTo(asked, way, create, answer).catch((error: unknown) => {
				throw usage ? withPaid(error, usage) : error;
			});
			answer = undefined;
			requests++;
			const { response } = sent;
			if (sent.way !== way) {
				isRefused = true;
				notes.push(BY_FUNCTION);
			}
			way = sent.way;
			usage = usage ? addUsage(usage, response.usage) : response.usage;
			const reading = this.read(response, way);
			const isCut = isCutShort(response, way, request);
			if (reading.value !== undefined && !isCut) {
				this.learn(way, isRefused || this.reader.callsOf(response).length > 0);
				notes.push(...reading.notes);
				const { value } = reading;
				return { value, response: asText(response, this.name, value), usage, notes };
			}
			const problems = 'problems' in reading ? reading.problems : [];
			if (response.refusal && response.text.trim() === '') throw refused(response, usage);
			if (isCut || isEnded(response)) throw cutOff(response, usage);
			if (this.maySwitch(way) && 'isIgnored' in reading && reading.isIgnored) {
				way = 'functionCall';
				asked = request;
				notes.push(IGNORED);
				continue;
			}
			const { maxRepairs = DEFAULT_REPAIRS } = this.options;
			if (repairs >= maxRepairs) throw misfit(problems, { response, usage, asked: requests });
			repairs++;
			notes.push(`The model was asked again, as its answer did not fit: ${problems.join('; ')}`);
			asked = repaired(asked, response, {
				problems,
				isCalled: this.reader.callsOf(response).length > 0,
				schema: this.wanted.schema,
			});
		}
	}

	/** Where Text Format is refused, by Function Call. */
	private async answerTo(
		request: ResponseRequest,
		way: Way,
		create: Create,
		answer: GradientResponse | undefined,
	): Promise<Answered> {
		if (answer) return { response: answer, way };
		const byFunction = async (error: unknown): Promise<Answered> => {
			if (!this.maySwitch(way) || !isRefusal(error)) throw error;
			const other = await this.send(request, 'functionCall', create).catch((second: unknown) => {
				// then it was about something else
				throw isRefusal(second) ? error : second;
			});
			return { response: other, way: 'functionCall' };
		};
		return await this.send(request, way, create).then(
			(response) => ({ response, way }),
			byFunction,
		);
	}

	private maySwitch(way: Way): boolean {
		const { way: chosen = 'automatic' } = this.options;
		return chosen === 'automatic' && way === 'textFormat' && !this.known.isWithoutCalls;
	}

	/**
	 * Only what an answer that fits has shown: one that does not may be a whim of the model.
	 * @param isBetter than Text Format: that was refused, or the function was really called
	 */
	private learn(way: Way, isBetter: boolean) {
		if (way !== 'functionCall' || (this.options.way ?? 'automatic') !== 'automatic') return;
		const fact = isBetter ? 'isByFunction' : 'isWithoutCalls';
		if (this.known[fact]) return;
		this.known[fact] = true;
		remember(this.key, this.known);
	}

	private get asking() {
		const { wanted, plain, known } = this;
		return { wanted, plain, known };
	}
}

const BY_FUNCTION =
	"The API refused the output's 'Text Format', so it was asked for by 'Function Call'";
const IGNORED =
	"The API did not keep to the output's 'Text Format', so it was asked for once more by 'Function Call'";

const isEnded = ({ finishReason, mayBeCut }: GradientResponse) =>
	finishReason === 'length' || finishReason === 'content_filter' || mayBeCut === true;

/** A call is only known to be whole where nothing cut the answer; JSON that is whole, is. */
const isCutShort = (response: GradientResponse, way: Way, request: ResponseRequest): boolean =>
	way === 'functionCall' && cutCalls(response, request).includes(true);

/** Whether a schema can be used, before anything is sent; otherwise words that follow the name of its field. */
export function schemaProblem(schema: JsonObject): string | undefined {
	try {
		new OutputReader({ name: 'output', schema }, plainSchema(schema));
		return undefined;
	} catch (error) {
		return (error as Error).message;
	}
}
