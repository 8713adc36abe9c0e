export interface DeviceEvents {
  /** In the foreground again. */
  onWake(): void;
  /** Going away, perhaps for ever: save now. */
  onLeave(): void;
}
