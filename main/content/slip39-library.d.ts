// The package has no types of its own; this is what is used of it.
declare module 'slip39/src/slip39_helper.js' {
  const library: {
    readonly WORD_LIST: readonly string[];
    readonly validateMnemonic: (mnemonic: string) => boolean;
    readonly combineMnemonics: (mnemonics: readonly string[], passphrase?: string) => readonly number[];
  };
  export default library;
}
