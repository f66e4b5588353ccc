/** Files that were dropped somewhere else in the application, on their way to the page that imports them. */
let handed: File[] = [];

export function handOver(files: File[]) {
  handed = files;
}

/** Takes what was handed over; whoever asks first has it. */
export function takeHanded(): File[] {
  const files = handed;
  handed = [];
  return files;
}
