/** Verbs: what people do to records beyond editing them. One `defineVerb` yields endpoint, button, command, event. */
import type { Static, TObject } from 'typebox';
import type { Context } from './context.ts';
import type { Json } from './field.ts';
import type { Values } from './object.ts';

/** What the timeline says when a verb was carried out. */
export interface EventSpec {
  /** Sentence with placeholders from the payload: `{actor} moved {record} from {from} to {to}`. */
  sentence: string;
  /** Tabler icon name. */
  icon: string;
}

/** What a verb hands back: the events to record, one per touched record, and the answer for the caller. */
export interface Outcome {
  /** Payload of the event by record id; the placeholders of the sentence. */
  events: Record<string, Values>;
  /** Ids of the records the verb made or changed, the main one first. */
  result: Json;
}

export interface VerbSpec<I extends TObject = TObject> {
  /** Path segment and right: `move`. */
  name: string;
  object: string;
  /** "Move deal" */
  label: string;
  icon: string;
  /** One sentence for the palette and the API reference. */
  description: string;
  input: I;
  /** Whether it makes sense for this record, as a condition on its fields; the button hides where it does not. */
  allow?: { field: string; is?: Json[]; isNot?: Json[] };
  /** A screen of its own offers it: it does not stand among the buttons of the record. */
  own?: true;
  /**
   * Records it makes out of this one, field by field, so that whoever carries it out is told what there may be already;
   * `instead` is the input that takes a record there is.
   */
  makes?: { object: string; of: { [field: string]: string }; instead?: string }[];
  /** What it makes but once: the record of `object` whose link `by` leads here. Where there is one, the button opens it. */
  once?: { object: string; by: string };
  event: EventSpec;
  /** Refuse · change · record. Runs in one transaction, as one change set. */
  run(ctx: Context, id: string, input: Static<I>): Promise<Outcome>;
}

/** Declares a verb of an object. */
export function defineVerb<const I extends TObject>(
  object: { name: string },
  spec: Omit<VerbSpec<I>, 'object'>,
): VerbSpec {
  return { ...spec, object: object.name } as unknown as VerbSpec;
}
