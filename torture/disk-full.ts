export async function tortureDiskFull(say: (line: string) => void): Promise<boolean> {
  say('not yet');
  return false;
}
