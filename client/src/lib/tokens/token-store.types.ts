/** Where the tokens lie between two starts: the keychain on a phone, localStorage in a browser. */
export interface TokenStore {
  read(): Promise<string | null>;
  write(text: string): Promise<void>;
  clear(): Promise<void>;
  /** Calls when somebody else (another tab) has changed them. */
  onOutsideChange(listener: () => void): void;
}
