import type { GradientResponse, ToolCall } from '../../shared/client';
import type { JsonObject } from '../../shared/client/json';
import { plainSchema } from '../../shared/client/structured/plainSchema';
import { asScalar, asText } from '../../shared/form/values';
import type { Connection } from '../../shared/host/connection';
import type { ToolRow } from './parameters';
import type { Toolbox } from './toolbox';
import { parametersOf } from './tools';

/**
 * Functions that are offered as `strict`: the model fills in all their parameters, with null where one may be left
 * out. Their calls come back as the function's own parameters have it.
 */
export class StrictTools {
	/** The parameters as the user or the tool has them, by the name of the function. */
	private readonly parameters = new Map<string, JsonObject>();

	constructor(
		rows: ToolRow[],
		private readonly connection: Connection,
	) {
		for (const row of rows.filter(({ strict }) => asScalar(strict) === true)) {
			const parameters = parametersOf(row, () => undefined);
			if (parameters) this.parameters.set(asText(row.name).trim(), parameters);
		}
	}

	/** What takes anything cannot be strict, and stays as it is. */
	bind(tools: Toolbox): Toolbox {
		return tools.map((tool) => {
			const { name, parameters } = tool.definition;
			const { schema, isStrict, isWrapped } = plainSchema(parameters);
			if (!parameters || !isStrict || isWrapped) return tool;
			this.parameters.set(name, parameters);
			return { ...tool, definition: { ...tool.definition, parameters: schema, strict: true } };
		});
	}

	/** The answer, with the arguments of its calls as the functions take them. */
	async read(response: GradientResponse): Promise<GradientResponse> {
		const isOwn = ({ name }: ToolCall) => this.parameters.has(name);
		if (!response.toolCalls.some(isOwn)) return response;
		const { withoutFillers } = await this.connection.loadStructuredOutput();
		const toolCalls = response.toolCalls.map((call) => {
			const parameters = this.parameters.get(call.name);
			return parameters ? { ...call, arguments: withoutFillers(call.arguments, parameters) } : call;
		});
		return { ...response, toolCalls };
	}
}
