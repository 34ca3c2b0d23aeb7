/** Small stand-ins for the n8n core nodes that example workflows use: n8n-nodes-base is not installed. */
import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

export const MANUAL_TRIGGER = 'n8n-nodes-base.manualTrigger';
export const STICKY_NOTE = 'n8n-nodes-base.stickyNote';

/**
 * A node type made of a function. `name` is the part after the package name; parameters that
 * `properties` does not list are dropped by n8n before the node runs.
 */
export function defineNodeType(
	name: string,
	execute: (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>,
	description: Partial<INodeTypeDescription> = {},
): INodeType {
	return {
		description: {
			displayName: name,
			name,
			group: ['transform'],
			version: 1,
			description: '',
			defaults: { name },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			properties: [],
			...description,
		},
		execute,
	};
}

async function forward(this: IExecuteFunctions) {
	return [this.getInputData()];
}

const parameter = (
	name: string,
	type: INodeProperties['type'],
	value: INodeProperties['default'],
): INodeProperties => ({ displayName: name, name, type, default: value });

/** Writes `value` at a dotted path, as Edit Fields does by default ("Support Dot Notation"). */
function setPath(target: IDataObject, path: string, value: IDataObject[string]) {
	const keys = path.split('.');
	const last = keys.pop() ?? path;
	let place = target;
	for (const key of keys) place = (place[key] ??= {}) as IDataObject;
	place[last] = value;
}

/** Edit Fields (Set) 3.x: mode `raw` with `jsonOutput`, mode `manual` with `assignments`. */
const editFields = defineNodeType(
	'set',
	async function () {
		const output = this.getInputData().map((item, i): INodeExecutionData => {
			const keep = this.getNodeParameter('includeOtherFields', i) as boolean;
			const json: IDataObject = keep ? structuredClone(item.json) : {};
			if (this.getNodeParameter('mode', i) === 'raw') {
				const raw = this.getNodeParameter('jsonOutput', i) as string | IDataObject;
				Object.assign(json, typeof raw === 'string' ? JSON.parse(raw) : raw);
			} else {
				const { assignments = [] } = this.getNodeParameter('assignments', i) as {
					assignments?: Array<{ name: string; value: IDataObject[string] }>;
				};
				for (const { name, value } of assignments) setPath(json, name, value);
			}
			return { json, pairedItem: { item: i } };
		});
		return [output];
	},
	{
		properties: [
			parameter('mode', 'options', 'manual'),
			parameter('jsonOutput', 'json', '{}'),
			parameter('assignments', 'assignmentCollection', {}),
			parameter('includeOtherFields', 'boolean', false),
		],
	},
);

/** Split Out with one field: an item per member of the list. */
const splitOut = defineNodeType(
	'splitOut',
	async function () {
		const output = this.getInputData().flatMap((item, i) => {
			const field = this.getNodeParameter('fieldToSplitOut', i) as string;
			const list = item.json[field];
			return (Array.isArray(list) ? list : [list]).map((member): INodeExecutionData => {
				const isObject = typeof member === 'object' && member !== null && !Array.isArray(member);
				const json = isObject ? (member as IDataObject) : { [field]: member };
				return { json, pairedItem: { item: i } };
			});
		});
		return [output];
	},
	{ properties: [parameter('fieldToSplitOut', 'string', '')] },
);

/** Convert to File, from base64 in a field. */
const convertToFile = defineNodeType(
	'convertToFile',
	async function () {
		const output = this.getInputData().map(({ json }, i): INodeExecutionData => {
			const read = (name: string) => this.getNodeParameter(name, i) as string;
			const { fileName, mimeType = '' } = this.getNodeParameter('options', i) as IDataObject;
			const binary = {
				[read('binaryPropertyName')]: {
					data: String(json[read('sourceProperty')]),
					mimeType: String(mimeType),
					fileName: String(fileName),
				},
			};
			return { json: {}, binary, pairedItem: { item: i } };
		});
		return [output];
	},
	{
		properties: [
			parameter('operation', 'string', 'csv'),
			parameter('sourceProperty', 'string', ''),
			parameter('binaryPropertyName', 'string', 'data'),
			parameter('options', 'json', {}),
		],
	},
);

/** If 2.x: n8n's engine itself evaluates a parameter of the type filter. */
const ifNode = defineNodeType(
	'if',
	async function () {
		const passed = this.getInputData().map((_, i) =>
			this.getNodeParameter('conditions', i, false, { extractValue: true }),
		);
		const items = this.getInputData().map((item, i) => ({ ...item, pairedItem: { item: i } }));
		return [items.filter((_, i) => passed[i]), items.filter((_, i) => !passed[i])];
	},
	{
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		properties: [parameter('conditions', 'filter', {})],
	},
);

/** Merge 3.x with `combineAll`: each item of the first input with each of the second. */
const merge = defineNodeType(
	'merge',
	async function () {
		const [first, second] = [this.getInputData(0), this.getInputData(1)];
		const pairs = first.flatMap((one, i) =>
			second.map((other, k): INodeExecutionData => {
				const pairedItem = [
					{ item: i, input: 0 },
					{ item: k, input: 1 },
				];
				return { json: { ...one.json, ...other.json }, pairedItem };
			}),
		);
		return [pairs];
	},
	{ inputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main] },
);

/** Wait 1.1 with `resume: form`: one item with what the person put into the form's fields. */
export const waitNode = (form: IDataObject): INodeType =>
	defineNodeType('wait', async () => [[{ json: { ...form, formMode: 'production' } }]], {
		properties: [
			parameter('resume', 'options', 'timeInterval'),
			parameter('formDescription', 'string', ''),
		],
	});

/** Data Table 1.1: creates a table, and inserts a row for each item. @param rows get what is inserted */
export const dataTable = (rows: IDataObject[]): INodeType =>
	defineNodeType(
		'dataTable',
		async function () {
			if (this.getNodeParameter('resource', 0) === 'table') {
				return [[{ json: { name: this.getNodeParameter('tableName', 0) as string } }]];
			}
			const inserted = this.getInputData().map((_, i): INodeExecutionData => {
				const { value } = this.getNodeParameter('columns', i) as { value: IDataObject };
				return { json: value, pairedItem: { item: i } };
			});
			rows.push(...inserted.map(({ json }) => json));
			return [inserted];
		},
		{
			version: [1, 1.1],
			properties: [
				parameter('resource', 'options', 'row'),
				parameter('tableName', 'string', ''),
				parameter('columns', 'json', {}),
			],
		},
	);

/** The tool that n8n makes of HTTP Request 4.x, with a GET. @param answer stands for the web */
export const httpRequestTool = (answer: (url: URL) => IDataObject): INodeType =>
	defineNodeType(
		'httpRequestTool',
		async function () {
			const url = new URL(this.getNodeParameter('url', 0) as string);
			const { parameters = [] } = this.getNodeParameter('queryParameters', 0) as {
				parameters?: Array<{ name: string; value: unknown }>;
			};
			for (const { name, value } of parameters) url.searchParams.set(name, String(value));
			return [[{ json: answer(url) }]];
		},
		{
			inputs: [],
			outputs: [NodeConnectionTypes.AiTool],
			properties: [
				parameter('toolDescription', 'string', ''),
				parameter('url', 'string', ''),
				{
					...parameter('queryParameters', 'fixedCollection', {}),
					typeOptions: { multipleValues: true },
					options: [
						{
							displayName: 'Query Parameter',
							name: 'parameters',
							values: [parameter('name', 'string', ''), parameter('value', 'string', '')],
						},
					],
				},
			],
		},
	);

/** Loop Over Items 3: batches on the second output, and when all are done, what came back on the first. */
const loopOverItems = defineNodeType(
	'splitInBatches',
	async function () {
		const size = this.getNodeParameter('batchSize', 0) as number;
		const context = this.getContext('node') as {
			rest?: INodeExecutionData[];
			done?: INodeExecutionData[];
		};
		if (context.rest) context.done = [...(context.done ?? []), ...this.getInputData()];
		else context.rest = this.getInputData();
		const batch = context.rest.slice(0, size);
		context.rest = context.rest.slice(size);
		return batch.length > 0 ? [[], batch] : [context.done ?? [], []];
	},
	{
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		properties: [parameter('batchSize', 'number', 1)],
	},
);

export const standIns: Record<string, INodeType> = {
	[MANUAL_TRIGGER]: defineNodeType('manualTrigger', forward, { group: ['trigger'], inputs: [] }),
	[STICKY_NOTE]: defineNodeType('stickyNote', forward, { inputs: [], outputs: [] }),
	'n8n-nodes-base.if': ifNode,
	'n8n-nodes-base.convertToFile': convertToFile,
	'n8n-nodes-base.merge': merge,
	'n8n-nodes-base.noOp': defineNodeType('noOp', forward),
	'n8n-nodes-base.set': editFields,
	'n8n-nodes-base.splitInBatches': loopOverItems,
	'n8n-nodes-base.splitOut': splitOut,
};
