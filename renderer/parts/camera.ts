import readCode from 'jsqr';

/** What pictures are scaled to before a code is looked for: enough for the densest code, and quick. */
const WIDTH = 640;
/** A rest between two pictures, so that the page stays quick. */
const REST_MS = 15;

/** Why there are no pictures. */
export type CameraTrouble = 'refused' | 'missing';

/**
 * Looks through the camera until it is stopped.
 * @param onCode every code that differs from the one before; the next one is looked for when it resolves.
 * @returns ends it, and lets the camera go.
 */
export function lookThroughCamera(
  video: HTMLVideoElement,
  on: { readonly code: (text: string) => Promise<void>; readonly trouble: (trouble: CameraTrouble) => void },
): () => void {
  let stream: MediaStream | null = null;
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    for (const track of stream?.getTracks() ?? []) track.stop();
    video.srcObject = null;
  };
  const isStopped = (): boolean => stopped; // it may be, after every wait
  const start = async (): Promise<void> => {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { width: { ideal: WIDTH }, height: { ideal: (WIDTH * 3) / 4 }, facingMode: 'environment' },
    });
    if (isStopped()) {
      stop();
      return;
    }
    for (const track of stream.getTracks()) {
      track.addEventListener('ended', () => {
        if (!isStopped()) on.trouble('missing'); // it was unplugged
      });
    }
    video.srcObject = stream;
    await video.play();
    let last = '';
    while (!isStopped()) {
      const text = codeIn(video);
      if (text !== null && text !== last) {
        last = text;
        await on.code(text);
      }
      await new Promise((done) => setTimeout(done, REST_MS));
    }
  };
  start().catch((error: unknown) => {
    if (isStopped()) return;
    on.trouble(error instanceof DOMException && error.name === 'NotAllowedError' ? 'refused' : 'missing');
  });
  return stop;
}

const canvas = document.createElement('canvas');

/** The text of the code in the picture that the video shows now, or null. */
function codeIn(video: HTMLVideoElement): string | null {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null || video.videoWidth === 0) return null;
  canvas.width = Math.min(WIDTH, video.videoWidth);
  canvas.height = Math.round((canvas.width / video.videoWidth) * video.videoHeight);
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
  const text = readCode(data, width, height, { inversionAttempts: 'dontInvert' })?.data ?? '';
  return text === '' ? null : text;
}
