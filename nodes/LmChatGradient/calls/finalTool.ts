import type { ResponseRequest, StructuredOutput, GradientResponse } from '../../shared/client';
import { strictness } from '../../shared/client/structured/memory';
import { plainSchema } from '../../shared/client/structured/plainSchema';
import type { PlainSchema } from '../../shared/client/structured/wanted';
import type { Connection } from '../../shared/host/connection';
import type { NamedTool } from '../tools';

/** For structured output, n8n's agent offers this tool, which it reads itself. */
export const FINAL_TOOL = 'format_final_json_response';

/**
 * The tool by which n8n's agent (2.41) gets the output for its Output Parser. Strict, so that servers bind its
 * arguments; and what the agent would not read of them is mended: it wants `{"output": …}`.
 */
export class FinalTool {
	private constructor(
		private readonly name: string,
		private readonly plain: PlainSchema,
		private readonly output: StructuredOutput,
		private readonly known: Pick<Loaded, 'recall' | 'remember' | 'isRefusal'> & { key: string },
	) {}

	/** undefined where the agent has no parser, or its schema cannot be checked. */
	static async among(
		tools: NamedTool[],
		{ client, loadStructuredOutput }: Connection,
		model: string,
	): Promise<FinalTool | undefined> {
		const tool = tools.find(({ name }) => name === FINAL_TOOL);
		const { name, parameters } = tool?.definition ?? {};
		if (!name || !parameters) return undefined;
		const { StructuredOutput: Output, schemaProblem, ...known } = await loadStructuredOutput();
		if (schemaProblem(parameters)) return undefined;
		const server = client.baseUrl;
		const output = new Output({ name, schema: parameters }, { server, model });
		const plain = plainSchema(parameters);
		return new FinalTool(name, plain, output, { ...known, key: `${server}\n${model}` });
	}

	/**
	 * Sends a request with the tool as strict; without, where the server refuses that, from then on. Strict also where its
	 * schema leaves something open: without it, vLLM (0.32) binds no arguments at all.
	 */
	async send(
		request: ResponseRequest,
		create: (request: ResponseRequest) => Promise<GradientResponse>,
	): Promise<GradientResponse> {
		const { recall, remember, isRefusal, key } = this.known;
		const known = recall(key);
		const kind = strictness('functionCall', this.plain);
		if (known.loose.includes(kind)) return await create(request);
		const { schema: parameters } = this.plain;
		const tools = (request.tools ?? []).map((tool) =>
			tool.name === this.name ? { ...tool, parameters, strict: true } : tool,
		);
		return await create({ ...request, tools }).catch(async (error: unknown) => {
			if (!isRefusal(error)) throw error;
			const response = await create(request);
			remember(key, { ...known, loose: [...known.loose, kind] });
			return response;
		});
	}

	/** The arguments of its call as the agent reads them; as they are, where nothing of the kind is in them. */
	mend = (name: string, args: string): string => {
		if (name !== this.name) return args;
		const { value } = this.output.readText(args);
		return value === undefined ? args : JSON.stringify(value);
	};
}

type Loaded = Awaited<ReturnType<Connection['loadStructuredOutput']>>;
