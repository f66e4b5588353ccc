/** The members of a ZIP archive, each a source of its own. Their paths are names for people and lead nowhere. */
import { PassThrough, pipeline } from 'node:stream';
import yauzl from 'yauzl';
import { FarleyError } from '../../errors.ts';
import { allBytes, harmless, mostGrowth, type Source, tooTight } from '../source.ts';

export interface Member extends Source {
  /** Bytes it has unpacked, as the archive says and the reader holds it to. */
  size: number;
}

/** Exports hold the contents of files one by one. */
const mostMembers = 100_000;
/** An archive that lies in another source is read as a whole. */
const mostWithin = 256 * 1024 ** 2;

const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true };

/** Lists an archive; throws what says that it is damaged, protected or made to do harm. */
export async function openZip(source: Source): Promise<Member[]> {
  const bytes = source.path === undefined ? await allBytes(source, mostWithin) : null;
  const open = () =>
    bytes ? yauzl.fromBufferPromise(bytes, options) : yauzl.openPromise(source.path!, options);
  const zip = await open().catch(error => {
    throw damaged(source, error);
  });
  try {
    const entries: yauzl.Entry[] = [];
    for await (const entry of zip.eachEntry()) {
      entries.push(entry);
      if (entries.length > mostMembers)
        throw new FarleyError('invalidInput', `${source.name} holds more than ${mostMembers} files.`);
    }
    requireHarmless(source, entries, zip.fileSize);
    return entries.filter(entry => !nameOf(entry).endsWith('/')).map(entry => member(source, entry, open));
  } catch (error) {
    throw damaged(source, error);
  } finally {
    zip.close();
  }
}

function nameOf(entry: yauzl.Entry): string {
  const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
  return yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
}

/** Members that share bytes, or grow beyond measure, are made to fill disks. */
function requireHarmless(source: Source, entries: yauzl.Entry[], size: number) {
  let packed = 0;
  for (const entry of entries) {
    packed += entry.compressedSize;
    const { compressedSize, uncompressedSize } = entry;
    if (uncompressedSize > harmless && uncompressedSize > compressedSize * mostGrowth)
      throw tooTight(source.name);
  }
  if (packed > size) throw tooTight(source.name);
}

function member(source: Source, entry: yauzl.Entry, open: () => Promise<yauzl.ZipFile>): Member {
  const name = nameOf(entry);
  const bytes = () => {
    const out = new PassThrough();
    const read = async () => {
      if (entry.isEncrypted())
        throw new FarleyError(
          'invalidInput',
          `${name} is protected by a password. Unpack it and import that.`,
        );
      const zip = await open();
      try {
        const stream = await zip.openReadStreamPromise(entry);
        pipeline(stream, out, () => zip.close());
        stream.on('error', error => out.destroy(damaged(source, error)));
      } catch (error) {
        zip.close();
        throw error;
      }
    };
    read().catch(error => out.destroy(damaged(source, error)));
    return out;
  };
  return { name, size: entry.uncompressedSize, bytes };
}

function damaged(source: Source, error: unknown): FarleyError {
  if (error instanceof FarleyError) return error;
  const why = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
  return new FarleyError('invalidInput', `${source.name} is a ZIP archive that cannot be read: ${why}.`);
}
