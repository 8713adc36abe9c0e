export interface DeviceEvents {
  /** In the foreground again. */
  onWake(): void;
  /** Going away, perhaps for ever: save now. */
  onLeave(): void;
  /** Another tab has written to the storage they share; `null` for "removed". */
  onOutsideChange(key: string | null, text: string | null): void;
}
