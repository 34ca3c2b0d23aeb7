import type { INodeExecutionData, IRun, ITaskData, NodeExecutionHint } from 'n8n-workflow';

/** A finished run; node names are those of the workflow. */
export class RunResult {
	constructor(readonly run: IRun) {}

	get status() {
		return this.run.status;
	}

	/** What ended the run: a plain copy of the error with its name, message, description, httpCode. */
	get error() {
		return this.run.data.resultData.error;
	}

	/** @throws if the node did not run that often */
	task(node: string, runIndex = 0): ITaskData {
		const { runData } = this.run.data.resultData;
		const task = runData[node]?.[runIndex];
		if (task) return task;
		const cause = this.error ? `: ${this.error.message}` : '';
		throw new Error(
			`'${node}' has no run ${runIndex}; ran: ${Object.keys(runData).join()}${cause}`,
		);
	}

	/**
	 * The items of one output of a node, [] if it gave none.
	 * @throws if the node did not run or ended the run by an error
	 */
	items(node: string, output = 0): INodeExecutionData[] {
		const { data, error } = this.task(node);
		if (!data && error) throw new Error(`'${node}' failed: ${error.message}`);
		return data?.main?.[output] ?? [];
	}

	json(node: string, output = 0) {
		return this.items(node, output).map((item) => item.json);
	}

	/** What the node said by `addExecutionHints`. */
	hints(node: string): NodeExecutionHint[] {
		return this.task(node).hints ?? [];
	}
}
