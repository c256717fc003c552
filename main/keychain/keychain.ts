/** Where API keys and station keys are kept. Names are ASCII, `<scope>/<entry>`. */
export interface Keychain {
  readonly kind: 'os' | 'file';
  /** The value, or null. The caller wipes it. */
  get(name: string): Promise<Buffer | null>;
  /** Keeps a value durably, in place of the one before. The caller wipes it. */
  set(name: string, value: Buffer): Promise<void>;
  delete(name: string): Promise<void>;
  close(): Promise<void>;
}
