import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** Tools that the API runs itself, within the answer. */
const SERVER_TOOLS = [
	'knowledge_base_retrieval',
	'mcp',
	'model_synthesis',
	'tool_search',
	'web_fetch',
	'web_search',
];

/** The types of a row of 'Tools', in the order of their names. */
export const TOOL_TYPES: INodePropertyOptions[] = [
	{
		name: 'Function',
		value: 'function',
		description: 'The model says when to call it and with what; the workflow runs it',
	},
	{
		name: 'Knowledge Base',
		value: 'knowledge_base_retrieval',
		description: 'DigitalOcean looks things up in a knowledge base of your account',
	},
	{
		name: 'MCP Server',
		value: 'mcp',
		description:
			'DigitalOcean calls the tools of a remote MCP server. For one that n8n calls, connect an MCP Client Tool.',
	},
	{
		name: 'Model Synthesis',
		value: 'model_synthesis',
		description: 'DigitalOcean asks several models, and one makes an answer of theirs',
	},
	{
		name: 'Other',
		value: 'other',
		description: 'Any tool of the API that is not in this list, given by its type and fields',
	},
	{
		name: 'Tool Search',
		value: 'tool_search',
		description:
			'The model looks for the tools with Defer Loading when it needs them, so that many tools cost few tokens. Some models only.',
	},
	{
		name: 'Web Fetch',
		value: 'web_fetch',
		description: 'DigitalOcean reads web pages',
	},
	{
		name: 'Web Search',
		value: 'web_search',
		description:
			'DigitalOcean searches the web, for $10 per 1,000 searches (2026). Not each model has it.',
	},
	{
		name: 'Web Search 2025-08-26',
		value: 'web_search_2025_08_26',
		description: 'The web search of that version',
	},
];

/** The fields of a row that is no function. What they are called in the API: `requestKey`, but for `model`. */
export const serverToolFields: INodeProperties[] = [
	{
		displayName:
			"DigitalOcean runs this tool, not n8n: what it did is in the item's searches and server_tool_calls. A public preview: opt in on the page Feature Preview of the control panel first. Searches are billed by the piece, and whatever a tool finds as input tokens.",
		name: 'serverToolNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { type: SERVER_TOOLS } },
	},
	{
		displayName: 'Knowledge Base ID',
		name: 'knowledgeBaseId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 3f2a9c1e-0b7d-4d7e-9f53-2a1c5e8b6d40',
		description: 'Of the knowledge base, as its page in the control panel has it',
		displayOptions: { show: { type: ['knowledge_base_retrieval'] } },
	},
	{
		displayName: 'Server Label',
		name: 'serverLabel',
		type: 'string',
		default: '',
		placeholder: 'e.g. tickets',
		description: 'A name for the server, by which the model and the output tell it from others',
		displayOptions: { show: { type: ['mcp'] } },
	},
	{
		displayName: 'Server URL',
		name: 'serverUrl',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://mcp.example.com/mcp',
		description:
			"Where DigitalOcean reaches the server. Empty: that of the credential. A server that needs a token gets it from the credential that 'MCP Server Credential' in 'Options' adds at the top of the form.",
		displayOptions: { show: { type: ['mcp'] } },
	},
	{
		displayName: 'Allowed Tools',
		name: 'allowedTools',
		type: 'string',
		default: '',
		placeholder: 'e.g. find_ticket, list_tickets',
		description: 'Comma-separated names. Empty: all tools of the server.',
		displayOptions: { show: { type: ['mcp'] } },
	},
	{
		displayName: 'Models',
		name: 'synthesisMode',
		type: 'options',
		noDataExpression: true,
		default: 'preset',
		description: 'Which models are asked',
		options: [
			{ name: 'By a Preset', value: 'preset' },
			{ name: 'Defined Below', value: 'models' },
		],
		displayOptions: { show: { type: ['model_synthesis'] } },
	},
	{
		displayName: 'Preset',
		name: 'preset',
		type: 'string',
		default: 'balanced',
		placeholder: 'e.g. balanced',
		displayOptions: { show: { type: ['model_synthesis'], synthesisMode: ['preset'] } },
	},
	{
		displayName: 'Synthesis Model',
		name: 'synthesisModel',
		type: 'string',
		default: '',
		placeholder: 'e.g. openai-gpt-oss-120b',
		description: 'The model that makes one answer of all',
		displayOptions: { show: { type: ['model_synthesis'], synthesisMode: ['models'] } },
	},
	{
		displayName: 'Analysis Models',
		name: 'analysisModels',
		type: 'string',
		default: '',
		placeholder: 'e.g. kimi-k2.6, deepseek-v4-pro',
		description: 'Comma-separated IDs of the models that are asked first. Each of them is billed.',
		displayOptions: { show: { type: ['model_synthesis'], synthesisMode: ['models'] } },
	},
	{
		displayName: 'Limits',
		name: 'synthesisLimits',
		type: 'collection',
		placeholder: 'Add Limit',
		default: {},
		options: [
			{
				displayName: 'Allowed Domains',
				name: 'allowedDomains',
				type: 'string',
				default: '',
				placeholder: 'e.g. example.com, docs.example.com',
				description: 'Comma-separated. The models read no others.',
			},
			{
				displayName: 'Blocked Domains',
				name: 'blockedDomains',
				type: 'string',
				default: '',
				placeholder: 'e.g. example.net',
				description: 'Comma-separated. The models do not read these.',
			},
			{
				displayName: 'Max Tokens',
				name: 'maxTokens',
				type: 'number',
				typeOptions: { minValue: 1, numberPrecision: 0 },
				default: 4096,
				description: 'How many tokens the models may write at most',
			},
			{
				displayName: 'Max Tool Calls',
				name: 'maxToolCalls',
				type: 'number',
				typeOptions: { minValue: 1, numberPrecision: 0 },
				default: 5,
				description: 'How often the models may use tools at most',
			},
			{
				displayName: 'Reasoning Effort',
				name: 'reasoningEffort',
				type: 'string',
				default: '',
				placeholder: 'e.g. low',
				description: 'How much the models think',
			},
		],
		displayOptions: { show: { type: ['model_synthesis'] } },
	},
	{
		displayName: 'Limits',
		name: 'fetchLimits',
		type: 'collection',
		placeholder: 'Add Limit',
		default: {},
		options: [
			{
				displayName: 'Max Uses',
				name: 'maxUses',
				type: 'number',
				typeOptions: { minValue: 1, numberPrecision: 0 },
				default: 5,
				description: 'How many pages may be read at most',
			},
		],
		displayOptions: { show: { type: ['web_fetch'] } },
	},
	{
		displayName: 'Limits',
		name: 'searchLimits',
		type: 'collection',
		placeholder: 'Add Limit',
		default: {},
		options: [
			{
				displayName: 'Max Results',
				name: 'maxResults',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 10, numberPrecision: 0 },
				default: 5,
				description: 'How many results of a search the model gets at most: 1 to 10',
			},
			{
				displayName: 'Max Uses',
				name: 'maxUses',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 5, numberPrecision: 0 },
				default: 3,
				description: 'How often the model may search at most: 1 to 5',
			},
		],
		displayOptions: { show: { type: ['web_search'] } },
	},
	{
		displayName: 'Tool Type',
		name: 'otherType',
		type: 'string',
		default: '',
		placeholder: 'e.g. code_interpreter',
		description: "The tool's type, as the API names it",
		displayOptions: { show: { type: ['other'] } },
	},
	{
		displayName: 'Fields (JSON)',
		name: 'otherFields',
		type: 'json',
		default: '{}',
		description:
			'A JSON object with the other fields of the tool. No secrets: they would be stored with the workflow.',
		displayOptions: { show: { type: ['other'] } },
	},
	{
		displayName: 'Defer Loading',
		name: 'deferLoading',
		type: 'boolean',
		default: false,
		description:
			'Whether the model is told of this only when it looks for it by a Tool Search, which must be in the list too',
		displayOptions: { show: { type: ['function', 'mcp'] } },
	},
];
