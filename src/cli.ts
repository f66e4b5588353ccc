/** `bin/farley`: one table of commands. Results go to standard output, everything else to standard error. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

interface Command {
  /** What follows `farley` on the command line. */
  usage: string;
  summary: string;
  options?: ParseArgsOptionsConfig;
  /** Names of what has to stand without an option, for instance a file. */
  takes?: string[];
  run(values: Record<string, string | boolean | undefined>, taken: string[]): Promise<void>;
}

class UsageError extends Error {}

const workspace: ParseArgsOptionsConfig = { workspace: { type: 'string' } };

const commands: Record<string, Command> = {
  start: {
    usage: 'start [--demo]',
    summary: 'Serve, with the embedded database or DATABASE_URL.',
    options: { demo: { type: 'boolean' } },
    run: async values => (await import('./server.ts')).serve({ demo: values.demo === true }),
  },
  demo: {
    usage: 'demo',
    summary: 'Fill the workspace with sample records.',
    run: async () => {
      const { withFarley } = await import('./server.ts');
      await withFarley(farley => farley.demo());
    },
  },
  'user create': {
    usage: 'user create --name NAME --email ADDRESS [--role ROLE] [--password]',
    summary: 'Make an account; the password comes from standard input, or a link to set one is printed.',
    options: {
      name: { type: 'string' },
      email: { type: 'string' },
      role: { type: 'string' },
      password: { type: 'boolean' },
      ...workspace,
    },
    run: async values => (await import('./commands.ts')).createUser(values),
  },
  'key create': {
    usage: 'key create --role ROLE --name NAME',
    summary: 'Make an API key bound to a role and print it.',
    options: { role: { type: 'string' }, name: { type: 'string' }, ...workspace },
    run: async values => (await import('./commands.ts')).makeKey(values),
  },
  import: {
    usage:
      'import FILE… --object OBJECT [--map FILE] [--match FIELD] [--propose | --plan FILE] [--dry-run] [--failures FILE] [--resume CHANGESET]',
    summary:
      'Bring records in from files of any format; rows that fail come back in a file with their reason.',
    options: {
      object: { type: 'string' },
      map: { type: 'string' },
      match: { type: 'string' },
      failures: { type: 'string' },
      propose: { type: 'boolean' },
      plan: { type: 'string' },
      resume: { type: 'string' },
      'dry-run': { type: 'boolean' },
      ...workspace,
    },
    takes: ['FILE…'],
    run: async (values, taken) => {
      const commands = await import('./commands.ts');
      if (values.propose === true) return commands.proposeImport(values, taken);
      if (values.plan) return commands.importPlan(values, taken);
      return commands.importRecords(values, taken[0]!);
    },
  },
  export: {
    usage: 'export OBJECT|--all FILE [--format csv|xlsx|ndjson|vcard] [--raw] [--output FILE]',
    summary:
      'Write all records of an object to a file or standard output; or everything there is to an archive.',
    options: {
      all: { type: 'boolean' },
      raw: { type: 'boolean' },
      format: { type: 'string' },
      output: { type: 'string' },
      ...workspace,
    },
    takes: ['OBJECT or FILE'],
    run: async (values, taken) => {
      const commands = await import('./commands.ts');
      await (values.all ? commands.exportAll : commands.exportObject)(values, taken[0]!);
    },
  },
  backup: {
    usage: 'backup FILE|DIRECTORY [--verify]',
    summary: 'Write everything, keys too, to an archive, while others work; --verify reads it again.',
    options: { verify: { type: 'boolean' } },
    takes: ['FILE or DIRECTORY'],
    run: async (values, taken) => (await import('./commands.ts')).backUp(values, taken[0]!),
  },
  restore: {
    usage: 'restore FILE [--verify]',
    summary: 'Bring a backup into an empty Farley; --verify only reads it and compares its checksums.',
    options: { verify: { type: 'boolean' } },
    takes: ['FILE'],
    run: async (values, taken) => (await import('./commands.ts')).restore(values, taken[0]!),
  },
  receive: {
    usage: 'receive ADDRESS < LETTER',
    summary:
      'Hand a letter to a lead address, from a pipe of a mail server; 75 says that it is to be tried again.',
    takes: ['ADDRESS'],
    run: async (_, taken) => (await import('./receive.ts')).receiveLetter(taken[0]!),
  },
  rewind: {
    usage: 'rewind OBJECT --to TIME [--keep] [--dry-run]',
    summary: 'Put all records of an object back to a moment; --keep leaves those that collide.',
    options: {
      to: { type: 'string' },
      keep: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      ...workspace,
    },
    takes: ['OBJECT'],
    run: async (values, taken) => (await import('./commands.ts')).rewindObject(values, taken[0]!),
  },
  migrate: {
    usage: 'migrate --plan',
    summary: 'Say what the next start would change in the database.',
    options: { plan: { type: 'boolean' }, ...workspace },
    run: async values => (await import('./commands.ts')).planMigration(values),
  },
  stays: {
    usage: 'stays [--mend]',
    summary: 'Compare what is kept of the past for figures with history; --mend makes it anew.',
    options: { mend: { type: 'boolean' }, ...workspace },
    run: async values => (await import('./commands.ts')).compareStays(values),
  },
  doctor: {
    usage: 'doctor',
    summary: 'Say what this installation consists of and whether it works.',
    run: async () => (await import('./doctor.ts')).doctor(),
  },
};

function help(): string {
  const width = Math.max(...Object.values(commands).map(({ usage }) => usage.length));
  const lines = Object.values(commands).map(({ usage, summary }) => `  ${usage.padEnd(width)}  ${summary}`);
  return ['farley <command>', '', ...lines, '', 'README.md lists the settings.'].join('\n');
}

/** Finds the command: its name may be of two words, such as `user create`. */
function find(args: string[]): { command: Command; rest: string[] } | null {
  for (const words of [2, 1]) {
    const command = commands[args.slice(0, words).join(' ')];
    if (command && args.length >= words) return { command, rest: args.slice(words) };
  }
  return null;
}

async function main(args: string[]): Promise<void> {
  if (args.length === 0 || args[0] === 'help' || args.includes('--help')) return console.log(help());
  if (args[0] === '--version') return console.log((await import('./server.ts')).version);
  const found = find(args);
  if (!found) throw new UsageError(`There is no command "${args.join(' ')}". See: farley help`);
  const { command, rest } = found;
  const { values, positionals } = parseArgs({
    args: rest,
    options: command.options ?? {},
    allowPositionals: true,
    strict: true,
  });
  const takes = command.takes ?? [];
  const several = takes.at(-1)?.endsWith('…') && positionals.length > takes.length;
  if (positionals.length !== takes.length && !several) throw new UsageError(`Usage: farley ${command.usage}`);
  await command.run(values as Record<string, string | boolean | undefined>, positionals);
}

/** Errors that a person can act on are one line; a defect shows where it happened. */
function report(error: unknown): void {
  const { name, message, stack, code } = error as Error & { code?: string };
  const known = error instanceof UsageError || name === 'StartError' || name === 'FarleyError';
  console.error(known || code?.startsWith('ERR_PARSE_ARGS') ? `farley: ${message}` : stack);
}

try {
  await main(process.argv.slice(2));
  process.exitCode ??= 0;
} catch (error) {
  report(error);
  process.exitCode = 1;
}
// Whatever is still open (a keep-alive connection, a timer) must not keep a finished command alive.
process.exit();
