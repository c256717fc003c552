import { describe, expect, it } from 'vitest';
import { openShell } from '../../test/electron/start-shell.ts';

async function choosing(answer: unknown) {
  const { electron, session } = await openShell();
  const { chooser } = session.options;
  if (chooser === null) throw new Error('no chooser');
  electron.answer = answer;
  return { electron, chooser };
}

describe('the system’s dialogs', () => {
  it('give one file or many, belong to our window and leave no trace among recent documents', async () => {
    const { electron, chooser } = await choosing({ canceled: false, filePaths: ['/a', '/b'] });
    expect(await chooser.openFiles({ title: 'Choose', many: true })).toEqual(['/a', '/b']);
    await chooser.openFiles({ title: 'Choose one', many: false });
    expect(electron.dialogs).toEqual([
      ['showOpenDialog', electron.window.double, { title: 'Choose', properties: ['openFile', 'dontAddToRecent', 'multiSelections'] }],
      ['showOpenDialog', electron.window.double, { title: 'Choose one', properties: ['openFile', 'dontAddToRecent'] }],
    ]);
  });
  it('give a folder', async () => {
    const { electron, chooser } = await choosing({ canceled: false, filePaths: ['/folder'] });
    expect(await chooser.openFolder({ title: 'Where' })).toBe('/folder');
    expect(electron.dialogs[0]?.[2]).toEqual({ title: 'Where', properties: ['openDirectory', 'createDirectory', 'dontAddToRecent'] });
  });
  it('suggest a name and never a place to save in', async () => {
    const { electron, chooser } = await choosing({ canceled: false, filePath: '/out/a.sealed.json' });
    expect(await chooser.saveFile({ title: 'Save', suggestedName: '../../etc/a.sealed.json' })).toBe('/out/a.sealed.json');
    expect(electron.dialogs[0]?.[2]).toEqual({
      title: 'Save',
      defaultPath: 'a.sealed.json',
      properties: ['createDirectory', 'showOverwriteConfirmation', 'dontAddToRecent'],
    });
  });
  it('give nothing when they are cancelled', async () => {
    const { electron, chooser } = await choosing({ canceled: true, filePaths: ['/a'] });
    expect(await chooser.openFiles({ title: '', many: true })).toEqual([]);
    expect(await chooser.openFolder({ title: '' })).toBeNull();
    electron.answer = { canceled: true, filePath: '/a' };
    expect(await chooser.saveFile({ title: '', suggestedName: 'a' })).toBeNull();
    electron.answer = { canceled: false, filePath: '' };
    expect(await chooser.saveFile({ title: '', suggestedName: 'a' })).toBeNull();
  });
});
