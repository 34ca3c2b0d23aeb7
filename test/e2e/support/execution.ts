/** A finished run, as the editor gets it from n8n. */
import type {
	ExecutionError,
	ExecutionStatus,
	IDataObject,
	INodeExecutionData,
	IRunData,
	IRunExecutionData,
	ITaskData,
} from 'n8n-workflow';

export class Execution {
	constructor(
		readonly id: string,
		readonly status: ExecutionStatus,
		/** manual, webhook, chat, trigger, … */
		readonly mode: string,
		readonly data: IRunExecutionData,
	) {}

	/** What ended the run. */
	get error(): ExecutionError | undefined {
		return this.data.resultData.error;
	}

	get runData(): IRunData {
		return this.data.resultData.runData;
	}

	get lastNode(): string | undefined {
		return this.data.resultData.lastNodeExecuted;
	}

	/** The runs of a node, in order. @throws if it did not run */
	runs(node: string): ITaskData[] {
		const runs = this.runData[node];
		if (!runs)
			throw new Error(`'${node}' did not run, only: ${Object.keys(this.runData).join(', ')}`);
		return runs;
	}

	/** The items of an output of the first run, or of a sub-node's output type, such as ai_tool. */
	items(node: string, output = 0, type = 'main', run = 0): INodeExecutionData[] {
		return this.runs(node)[run]?.data?.[type]?.[output] ?? [];
	}

	json(node: string, output = 0, type = 'main', run = 0): IDataObject[] {
		return this.items(node, output, type, run).map(({ json }) => json);
	}
}
