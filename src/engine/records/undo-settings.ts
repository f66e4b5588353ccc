/** What else a change set has done besides records: rules about duplicates, and fields that an import made. */
import { mayAdminister } from '../access/reach.ts';
import type { Context } from '../context.ts';
import { fieldsMadeBy, type MadeField, raisedModel, remakeFields, unmakeFields } from '../db/custom.ts';
import type { Transaction } from '../db/database.ts';
import { type RulesUndone, undoRules } from '../duplicates/settings.ts';
import type { Model } from '../model.ts';
import type { Declared } from '../workspace.ts';
import { note } from './note.ts';

export interface FieldsUndone {
  /** Fields that the change set had made and that are gone. */
  gone: MadeField[];
  /** Those that stay: someone has put values into them since, or a rule or formula needs them. */
  stay: MadeField[];
}

/** Takes back what a change set did to the model, around the undo of its records. */
export class SettingsUndo {
  /** As it is from here on; null while nothing has changed it. */
  model: Model | null = null;
  rules: RulesUndone = { objects: [], later: [], refile: [] };
  fields: FieldsUndone = { gone: [], stay: [] };
  readonly #ctx: Context;
  readonly #tx: Transaction;
  readonly #declared: Declared;
  readonly #changeSet: string;

  constructor(ctx: Context, tx: Transaction, declared: Declared, changeSet: string) {
    this.#ctx = ctx;
    this.#tx = tx;
    this.#declared = declared;
    this.#changeSet = changeSet;
  }

  /** Before the records: rules, and fields that this change set has taken out of force, whose values come back. */
  async before() {
    this.rules = await undoRules(this.#ctx, this.#tx, this.#changeSet);
    const again = await remakeFields(this.#ctx, this.#tx, this.#changeSet);
    if (again > 0 || this.rules.objects.length > 0) await this.#raise([]);
  }

  /** After the records, which then hold nothing any more that they did not hold before. */
  async after() {
    const made = await fieldsMadeBy(this.#ctx, this.#tx, this.#changeSet);
    if (made.length === 0) return;
    const gone = mayAdminister(this.#ctx) ? await this.#unmake(made) : [];
    this.fields = { gone, stay: made.filter(each => !gone.includes(each)) };
    if (gone.length > 0) await note(this.#ctx, { event: 'fields.undone', payload: { fields: gone } });
  }

  async #unmake(made: MadeField[]): Promise<MadeField[]> {
    const { client } = this.#tx;
    await client.query('savepoint unmake');
    try {
      const gone = await unmakeFields(this.#context, this.#tx, made);
      if (gone.length > 0) await this.#raise([...new Set(gone.map(({ object }) => object))]);
      await client.query('release savepoint unmake');
      return gone;
    } catch (error) {
      // A formula, or whatever else is worked out, needs one of them: that is known by trying.
      if (!(error instanceof Error)) throw error;
      await client.query('rollback to savepoint unmake');
      return [];
    }
  }

  get #context(): Context {
    return this.model ? { ...this.#ctx, model: this.model } : this.#ctx;
  }

  async #raise(touched: string[]) {
    this.model = await raisedModel(this.#ctx, this.#tx, this.#declared, touched);
  }
}
