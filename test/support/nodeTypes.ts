import { NodeConnectionTypes, NodeHelpers, deepCopy } from 'n8n-workflow';
import type {
	IDataObject,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
	INodeTypes,
	IVersionedNodeType,
} from 'n8n-workflow';
import type { PackageDirectoryLoader } from 'n8n-core';

import { standIns } from './standIns';

/** Node types by full name, as in a workflow: `n8n-nodes-base.manualTrigger`. */
export type NodeTypeMap = Record<string, INodeType | IVersionedNodeType>;

/** The node types of a loaded package, their tool variants, the stand-ins and what the test adds. */
export class TestNodeTypes implements INodeTypes {
	private readonly others: NodeTypeMap;

	constructor(
		private readonly loader: PackageDirectoryLoader,
		extra: NodeTypeMap = {},
	) {
		this.others = { ...standIns, ...extra };
	}

	getByName(type: string) {
		return this.getByNameAndVersion(type);
	}

	/** @throws if neither the package nor the stand-ins have the type */
	getByNameAndVersion(type: string, version?: number): INodeType {
		if (this.others[type]) return NodeHelpers.getVersionedNodeType(this.others[type], version);

		const { packageName, known } = this.loader;
		if (!type.startsWith(`${packageName}.`)) throw new Error(`The tests know no node type ${type}`);
		const name = type.slice(packageName.length + 1);
		const nodeType = (known: string) =>
			NodeHelpers.getVersionedNodeType(this.loader.getNode(known).type, version);
		if (name in known.nodes || !name.endsWith('Tool')) return nodeType(name);
		return asTool(nodeType(name.slice(0, -'Tool'.length)));
	}

	getKnownTypes(): IDataObject {
		return { ...this.loader.known.nodes };
	}
}

/** The variant that n8n makes of a `usableAsTool` node (convertNodeToAiTool in n8n's cli package). */
function asTool(nodeType: INodeType): INodeType {
	if (!nodeType.description.usableAsTool) {
		throw new Error(`${nodeType.description.name} is not usable as a tool`);
	}
	const original = deepCopy(nodeType.description);
	const description: INodeTypeDescription = {
		...original,
		name: `${original.name}Tool`,
		displayName: `${original.displayName} Tool`,
		inputs: [],
		outputs: [NodeConnectionTypes.AiTool],
		properties: [...toolProperties(original), ...original.properties],
	};
	return Object.create(nodeType, { description: { value: description } }) as INodeType;
}

function toolProperties({ description, properties }: INodeTypeDescription): INodeProperties[] {
	const text: INodeProperties = {
		displayName: 'Description',
		name: 'toolDescription',
		type: 'string',
		default: description,
		required: true,
	};
	if (!properties.some(({ name }) => name === 'resource' || name === 'operation')) return [text];
	const choice: INodeProperties = {
		displayName: 'Tool Description',
		name: 'descriptionType',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Set Automatically', value: 'auto' },
			{ name: 'Set Manually', value: 'manual' },
		],
		default: 'auto',
	};
	return [choice, { ...text, displayOptions: { show: { descriptionType: ['manual'] } } }];
}
