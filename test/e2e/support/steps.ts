/** Counts what a builder does: each click, each text that is typed, each key. Looking costs nothing. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';

import { Canvas } from './canvas';
import { NodeForm } from './nodeForm';
import { OUTPUT } from './paths';

export class Steps {
	count = 0;

	readonly canvas: Canvas;

	constructor(
		private readonly page: Page,
		private readonly job: string,
	) {
		this.canvas = new Canvas(page);
	}

	async click(what: Locator) {
		this.count++;
		await what.click();
	}

	async type(into: Locator, text: string) {
		this.count++;
		await into.fill(text);
	}

	/** Adds a node behind a node, or the first one: the +, a search or none, and the entry, or several where one opens more. */
	async add(words: string | undefined, entries: Array<string | RegExp>, after?: string) {
		await this.click(after ? this.plusBehind(after) : this.firstPlus());
		await this.page.getByTestId('node-creator').waitFor();
		if (words) {
			this.count++;
			await this.canvas.search(words);
		}
		for (const entry of entries) {
			this.count++;
			await this.canvas.pick(entry);
		}
		await this.canvas.panelClosed();
	}

	/** Opens the panel below a node, at one of its connectors, and picks a node. */
	async plugIn(node: string, connector: string, entry: string) {
		const handle = `[data-test-id=canvas-node-input-handle][data-node-name=${JSON.stringify(node)}][data-connection-type=${connector}]`;
		await this.click(this.page.locator(handle).getByTestId('canvas-handle-plus'));
		await this.page.getByTestId('node-creator').waitFor();
		this.count++;
		await this.canvas.pick(entry);
	}

	/** The form of a node that was just added, which n8n opens by itself. */
	async form(): Promise<NodeForm> {
		return await NodeForm.opened(this.page);
	}

	async closeForm() {
		await this.click(this.page.getByTestId('ndv-close-button'));
		await this.page.getByTestId('node-parameters').waitFor({ state: 'detached' });
	}

	/** Picks a model from the list, which takes two clicks. */
	async pickModel(form: NodeForm, id: string) {
		this.count += 2;
		const found = await form.searchModel();
		await found.getByText(id).first().click();
	}

	async choose(form: NodeForm, field: string, option: string) {
		this.count += 2;
		await form.choose(field, option);
	}

	/** Shown at the end of the run, and among the pictures. */
	note() {
		const folder = path.join(OUTPUT, 'figures');
		mkdirSync(folder, { recursive: true });
		const text = `${this.job}: ${this.count} steps`;
		const file = `${this.job.replace(/[^a-z0-9]+/gi, '-')}.json`;
		writeFileSync(path.join(folder, file), JSON.stringify({ text }));
	}

	private firstPlus() {
		return this.page
			.getByTestId('canvas-add-button')
			.or(this.page.getByTestId('node-creator-plus-button'))
			.first();
	}

	private plusBehind(node: string) {
		const name = JSON.stringify(node);
		return this.page
			.locator(`[data-test-id=canvas-node-output-handle][data-node-name=${name}]`)
			.getByTestId('canvas-handle-plus')
			.last();
	}
}
