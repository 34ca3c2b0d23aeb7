/** The open form of a node with its input and output panels. Test IDs of n8n 2.41's editor. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';

export class NodeForm {
	readonly parameters: Locator;

	readonly output: Locator;

	private constructor(private readonly page: Page) {
		this.parameters = page.getByTestId('node-parameters');
		this.output = page.getByTestId('output-panel');
	}

	static async opened(page: Page): Promise<NodeForm> {
		const form = new NodeForm(page);
		await form.parameters.waitFor();
		return form;
	}

	/** A field by its name in the code, the last of that name: rows are filled in as they are added. */
	field(name: string): Locator {
		return this.parameters.getByTestId(`parameter-input-${name}`).last();
	}

	async fill(name: string, text: string) {
		await this.field(name).locator('textarea, input').last().fill(text);
	}

	/** Chooses an option of a drop-down field. */
	async choose(name: string, option: string) {
		await this.field(name).click();
		await this.option(option).click();
	}

	async turnOn(name: string) {
		await this.field(name).locator('.el-switch').click();
	}

	/** Add Tool, Add Parameter and the like. */
	async add(button: string) {
		await this.parameters.getByRole('button', { name: button, exact: true }).click();
	}

	async chooseCredential(name: string) {
		await this.page.getByTestId('node-credentials-select').click();
		await this.option(name).click();
	}

	/** Opens the list of the 'Model' field, with what is found for these words. */
	async searchModel(words?: string): Promise<Locator> {
		const search = this.page.getByTestId('rlc-search');
		if (!(await search.isVisible())) await this.field('model').getByTestId('rlc-input').click();
		if (words !== undefined) await search.fill(words);
		return this.page.getByTestId('rlc-item');
	}

	async execute() {
		await this.page.getByTestId('node-execute-button').click();
	}

	async showOutputAs(view: 'Schema' | 'Table' | 'JSON') {
		await this.output.getByTestId(`radio-button-${view.toLowerCase()}`).click();
	}

	/** The names of the fields and of their groups, from top to bottom, once no more are added. */
	async labels(): Promise<string[]> {
		// n8n draws the rows of collections after the fields around them
		let earlier = await this.labelsNow();
		for (;;) {
			await sleep(500);
			const labels = await this.labelsNow();
			if (labels.length === earlier.length) return labels;
			earlier = labels;
		}
	}

	private async labelsNow(): Promise<string[]> {
		const texts = await this.parameters.locator('label:visible').allInnerTexts();
		const names = texts.map((text) => text.split('\n')[0].trim());
		// an entry of a list has no name, only the switch between Fixed and Expression
		return names.filter((name) => name !== '' && name !== 'Fixed');
	}

	/** Labels that end in dots, because there was no room for them. */
	async cutLabels(): Promise<string[]> {
		const labels = this.parameters.locator('label:visible span');
		return await labels.evaluateAll((spans) =>
			spans
				.filter(({ clientWidth, scrollWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1)
				.map(({ textContent }) => textContent ?? ''),
		);
	}

	async close() {
		await this.page.getByTestId('ndv-close-button').click();
		await this.parameters.waitFor({ state: 'detached' });
	}

	private option(name: string): Locator {
		return this.page
			.locator('.el-select-dropdown__item:visible')
			.filter({ has: this.page.getByText(name, { exact: true }) })
			.first();
	}
}
