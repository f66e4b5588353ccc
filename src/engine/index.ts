/**
 * The engine's only door. Its words:
 *
 * - object: a kind of record, declared by `defineObject` or made at run time (deal, company).
 * - field: a named value of an object, of a field type (money, date).
 * - record: one row of an object. Its values are JSON; a link is an id.
 * - verb: something people do to a record beyond editing it (`moveDeal`).
 * - event: that a verb was carried out, with its sentence.
 * - change set: all changes of one act, undone together.
 * - role: what an actor may do. Reach: which records that covers, as SQL.
 * - actor: who acts — a person, an API key, the system with a reason.
 * - watch: work that follows changes and the clock, each once, ordered by nobody (reminders).
 * - module: a vertical slice of the CRM: objects, verbs, jobs, screens.
 * - workspace: one company's records, in a PostgreSQL schema of its own.
 */

export { actorOf, asSystem, systemActor } from './access/actor.ts';
export type { RecordExplanation } from './access/explain.ts';
export { grantProblems } from './access/grants.ts';
export { type Action, fieldRight, may, reach } from './access/reach.ts';
export { defineRole, type Grants, type Reach, type RoleSpec } from './access/role.ts';
export type { RefusedFile } from './api/proposal.ts';
export type { FirstSteps, SampleData } from './api/sample.ts';
export type { Contents } from './archive/format.ts';
export { isArchive, verifyArchive } from './archive/import.ts';
export { assemble, type Farley, type FarleyOptions } from './assemble.ts';
export { createAccount, createKey, invite } from './auth/auth.ts';
export { type Clock, stoppedClock, systemClock } from './clock.ts';
export type { Actor, Context, WorkspaceSettings } from './context.ts';
export {
  type Database,
  type DatabaseOptions,
  openDatabase,
  type Runner,
  type Transaction,
} from './db/database.ts';
export { analyzeGrown } from './db/statistics.ts';
export { domainOf } from './duplicates/compare.ts';
export { type Candidate, candidatesOf } from './duplicates/find.ts';
export { markMet, meet } from './duplicates/meet.ts';
export type { MergeAllPreview, MergeAllResult, MergeGroup } from './duplicates/merge-all.ts';
export type { Weights } from './duplicates/model.ts';
export type { DuplicateHit, Look, Pair, PairState, Reasons } from './duplicates/queue.ts';
export { scanAfter } from './duplicates/scan.ts';
export type { RuleSetting } from './duplicates/settings.ts';
export { type ErrorCode, errors, FarleyError, type Problem, Refusal, refuse } from './errors.ts';
export type {
  Aggregate,
  Cell,
  Field,
  FieldOptions,
  FieldSpec,
  FieldType,
  Json,
  Operator,
  ParseScope,
  Reference,
  RequiredBy,
  SqlScope,
} from './field.ts';
export { fieldOf } from './field.ts';
export type { FileStore } from './files/store.ts';
export { isId, newId, sourceOf } from './id.ts';
export { defineJob, type JobSpec } from './jobs/job.ts';
export { enqueue } from './jobs/queue.ts';
export { defineWatch, step, type WatchedChange, type WatchSpec } from './jobs/watch.ts';
export type { BriefMeta, Meta, MetaField, MetaObject, MetaVerb } from './meta.ts';
export type { Model, ObjectModel } from './model.ts';
export { columnName, words } from './model.ts';
export { defineModule, type ModuleArea, type ModuleSpec } from './module.ts';
export {
  type Draft,
  defineObject,
  type Fallback,
  type Input,
  type InputOf,
  type ObjectSpec,
  type RecordOf,
  type Values,
} from './object.ts';
export { defineLink, definePage, type LinkSpec, takes, takesRaw, type Visit } from './outside/link.ts';
export { escaped, type Letter, type Mailer } from './outside/mail.ts';
export { createOutside, type Outside } from './outside/outside.ts';
export { type Speech, speechOf } from './outside/speech.ts';
export { lacking, untouched } from './quality/flaws.ts';
export type { FoundFlaw, ObjectQuality, RecordQuality } from './quality/score.ts';
export { type AggregateQuery, aggregate } from './records/aggregate.ts';
export { canonical } from './records/draft.ts';
export type { Filter } from './records/filter.ts';
export type { Stream } from './records/flow.ts';
export { keepMeasured, type Past, pastOf, type Row, rowOf } from './records/measured.ts';
export type { MergePreview } from './records/merge.ts';
export { type Picked, picked, rateOf } from './records/picked.ts';
export { allRows, find, list, type Query, read, rows } from './records/read.ts';
export { type RewindResult, rewind } from './records/rewind.ts';
export { tableOf } from './records/scope.ts';
export { checkStays, stays } from './records/stays.ts';
export { type UndoResult, undo } from './records/undo.ts';
export { carryOut, tell } from './records/verbs.ts';
export { asEngine, create, type Operation, update, type WriteResult, write } from './records/write.ts';
export { defineReport, type ReportSpec } from './report.ts';
export { no, type Sql, sql, yes } from './sql.ts';
export { keeper, openContents } from './transfer/contents.ts';
export { type ExportFormat, exportFormats, exportRecords } from './transfer/export.ts';
export { reportText } from './transfer/findings.ts';
export { type Mailbox, type Message, readMessage } from './transfer/formats/mail.ts';
export { importFile } from './transfer/import.ts';
export { importTables, readPlan } from './transfer/import-tables.ts';
export type { ImportResult } from './transfer/job.ts';
export { type FieldMap, type ImportMap, readImportMap } from './transfer/map.ts';
export type { ImportingSpec } from './transfer/recognise/dictionary.ts';
export { type Proposal, propose, type TableProposal } from './transfer/recognise/propose.ts';
export type { Choice } from './transfer/recognise/targets.ts';
export type { KeepFile } from './transfer/table.ts';
export { openTables } from './transfer/tables.ts';
export { defineVerb, type Outcome, type VerbSpec } from './verb.ts';
export {
  contextOf,
  createWorkspace,
  type Declared,
  loadWorkspace,
  migrateWorkspace,
  migrationPlan,
  type Workspace,
} from './workspace.ts';
