import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** Things that have a path and are no file that anybody should read. */
export class OddFiles {
  readonly paths: Readonly<Record<string, string>>;
  readonly #server: Server;

  private constructor(paths: Readonly<Record<string, string>>, server: Server) {
    this.paths = paths;
    this.#server = server;
  }

  static async make(folder: string): Promise<OddFiles> {
    mkdirSync(folder, { recursive: true });
    const at = (name: string): string => join(folder, name);
    execFileSync('mkfifo', [at('fifo')]);
    symlinkSync(at('fifo'), at('link-to-fifo'));
    symlinkSync(at('loop-b'), at('loop-a'));
    symlinkSync(at('loop-a'), at('loop-b'));
    symlinkSync(at('nowhere'), at('dangling'));
    symlinkSync('/dev/zero', at('link-to-zero'));
    mkdirSync(at('folder'));
    symlinkSync(at('folder'), at('link-to-folder'));
    writeFileSync(at('empty'), '');
    writeFileSync(at('sparse'), '');
    truncateSync(at('sparse'), 3 * 1024 * 1024 * 1024);
    const server = createServer();
    await new Promise<void>((ready) => server.listen(at('socket'), ready));
    return new OddFiles(
      {
        'a pipe': at('fifo'),
        'a link to a pipe': at('link-to-fifo'),
        'links in a circle': at('loop-a'),
        'a link to nothing': at('dangling'),
        'a device without end': '/dev/zero',
        'a device without anything': '/dev/null',
        'a terminal': '/dev/tty',
        'a link to a device': at('link-to-zero'),
        'a socket': at('socket'),
        'a link to a folder': at('link-to-folder'),
        'an empty file': at('empty'),
        'a sparse file of 3 GiB': at('sparse'),
        'a file that cannot be read': '/proc/self/mem',
        'a name that is too long': at('n'.repeat(300)),
        'a path that is too long': join(folder, ...Array.from({ length: 30 }, () => 'd'.repeat(200))),
        'a file below a file': join(at('empty'), 'x'),
        'a name with a NUL': at('a\0b'),
        'a name with controls': at('a\u001b[2J\r\nb'),
        'a name that turns the line': at('a\u202egnp.json'),
        'half of a surrogate pair': at('a\ud800'),
      },
      server,
    );
  }

  close(): void {
    this.#server.close();
  }
}
