/**
 * Every error Farley answers with, in one table. A code is API: it is never renamed and never reused.
 * `docs/api/errors.md` describes each; a test proves that the two agree.
 */
export const errors = {
  invalidInput: [422, 'Some values cannot be accepted.'],
  invalidQuery: [400, 'The query cannot be understood.'],
  invalidJson: [400, 'The body is not valid JSON.'],
  invalidCursor: [400, 'The cursor does not belong to this query.'],
  unauthenticated: [401, 'Sign in, or send an API key.'],
  forbidden: [403, 'Your role does not allow this.'],
  notFound: [404, 'There is no such thing, or it is out of your reach.'],
  unknownRoute: [404, 'There is no such address.'],
  merged: [410, 'This record was merged into another one.'],
  conflict: [409, 'Someone else changed this record in the meantime.'],
  duplicate: [409, 'Another record already has this value.'],
  inUse: [409, 'Other records depend on this one.'],
  undoConflict: [409, 'Later changes stand in the way of this undo.'],
  alreadyUndone: [409, 'This change has been undone already.'],
  idempotencyMismatch: [409, 'This idempotency key was used for a different request.'],
  schemaConflict: [409, 'The object or field exists already.'],
  tooLarge: [413, 'The request is larger than allowed.'],
  unsupportedMedia: [415, 'This content type is not accepted here.'],
  precondition: [412, 'The record is not at the version you named.'],
  rateLimited: [429, 'Too many requests; wait a moment.'],
  internal: [500, 'Something went wrong on our side. Nothing was changed.'],
  databaseUnavailable: [503, 'The database cannot be reached. Nothing was changed.'],
  unconfirmed: [503, 'The database went away while this was being saved. It may be saved or not.'],
  overloaded: [503, 'Farley is busy. Nothing was changed; try again in a moment.'],
  diskFull: [507, 'The disk is full. Nothing was changed; the operator has to make room.'],
  timeout: [504, 'This took too long and was stopped. Nothing was changed.'],
} as const satisfies Record<string, readonly [status: number, sentence: string]>;

export type ErrorCode = keyof typeof errors;

/** One thing wrong with one value. `pointer` is a JSON Pointer into what was sent. */
export interface Problem {
  pointer: string;
  code: string;
  message: string;
}

/** An error that a user can act on. Everything else that is thrown is a defect and answers `internal`. */
export class FarleyError extends Error {
  readonly code: ErrorCode;
  readonly problems: Problem[];
  /** Facts a client needs to act, for instance the three sides of a conflict. */
  readonly details: Record<string, unknown>;

  constructor(
    code: ErrorCode,
    message?: string,
    more: { problems?: Problem[]; details?: Record<string, unknown> } = {},
  ) {
    super(message ?? errors[code][1]);
    this.name = 'FarleyError';
    this.code = code;
    this.problems = more.problems ?? [];
    this.details = more.details ?? {};
  }

  get status(): number {
    return errors[this.code][0];
  }
}

/** Why one value was refused; the write path adds where it stood. */
export class Refusal {
  readonly code: string;
  readonly message: string;
  /** Where inside the value, as a JSON Pointer; empty for the value as a whole. */
  readonly at: string;

  constructor(code: string, message: string, at = '') {
    this.code = code;
    this.message = message;
    this.at = at;
  }
}

/** Refuses a value: `code` is stable, `message` says in words what would be accepted. */
export function refuse(code: string, message: string, at = ''): Refusal {
  return new Refusal(code, message, at);
}
